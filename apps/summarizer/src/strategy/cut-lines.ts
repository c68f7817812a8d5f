import type { Break } from './transcript-lines.ts';

export interface MeasuredLine {
  tokens: number;
  breakBefore: Break;
}

/** Lines `from` up to, not including, `to`. */
export interface Stretch {
  from: number;
  to: number;
}

/** A cut is looked for this far around the even share, as a fraction of it. */
const LEEWAY = 0.15;

/**
 * Cuts lines into as few stretches as fit the budget, of about the same size, so that they take the same time side by side.
 * Each is cut where a speaker, else a paragraph, else a sentence ends near its even share, and begins with the lines before
 * the cut, up to `overlap` tokens, so that a thought on the border is whole in one of them.
 * @param budget Most tokens of a stretch, overlap included; a single line that has more makes a stretch of its own.
 */
export function cutLines(
  lines: readonly MeasuredLine[],
  { budget, overlap }: { budget: number; overlap: number },
): Stretch[] {
  const total = lines.reduce((sum, line) => sum + line.tokens, 0);
  if (total <= budget) return lines.length === 0 ? [] : [{ from: 0, to: lines.length }];
  const share = total / Math.ceil(total / Math.max(1, budget - overlap));
  const stretches: Stretch[] = [];
  for (let at = 0; at < lines.length;) {
    const from = at === 0 ? 0 : withOverlap(lines, at, Math.min(overlap, budget - lines[at]!.tokens));
    const carried = tokensOf(lines, from, at);
    const to = bestCut(lines, at, share, budget - carried);
    stretches.push({ from, to });
    at = to;
  }
  return stretches;
}

function tokensOf(lines: readonly MeasuredLine[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += lines[i]!.tokens;
  return sum;
}

/** The earliest line from which on the lines before `at` fit the overlap. */
function withOverlap(lines: readonly MeasuredLine[], at: number, overlap: number): number {
  let from = at;
  let tokens = 0;
  while (from > 0 && tokens + lines[from - 1]!.tokens <= overlap) tokens += lines[--from]!.tokens;
  return from;
}

/** Where the stretch that begins at `at` ends: the best break near its share that its room allows, of equal ones the nearest. */
function bestCut(lines: readonly MeasuredLine[], at: number, share: number, room: number): number {
  const most = Math.min(room, share * (1 + LEEWAY));
  let best = at + 1;
  let bestRank = -1;
  let bestDistance = Infinity;
  let tokens = lines[at]!.tokens;
  for (let to = at + 1; to < lines.length && tokens <= most; to++) {
    const rank = tokens >= share * (1 - LEEWAY) ? lines[to]!.breakBefore : -1;
    const distance = Math.abs(tokens - share);
    if (rank > bestRank || (rank === bestRank && distance <= bestDistance)) {
      [best, bestRank, bestDistance] = [to, rank, distance];
    }
    tokens += lines[to]!.tokens;
  }
  const rest = tokensOf(lines, at, lines.length);
  return rest <= most ? lines.length : best;
}

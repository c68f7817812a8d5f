import { alignWords, type HeardWord, middleOf, type Pair, shareTogether } from './align-words.ts';

/** The stretch both chunks heard, in seconds of the episode. */
export interface Overlap {
  start: number;
  end: number;
}

/** A word whose time is off may have been said in the overlap up to this many spreads away from it. */
const MARGIN = 1.5;
/** One column of the alignment: the same stretch of speech as heard on the left, on the right, or on both sides. */
interface Column {
  left: HeardWord | undefined;
  right: HeardWord | undefined;
  same: boolean;
}

/**
 * Two chunks heard the same stretch. Says how many words of the left one count, and how many of the right one do not:
 * what is said there is then there once. The switch is made at a word both heard alike; without one, where the least is
 * lost. Near its border a chunk hears half words, so what it alone hears there counts for little.
 */
export function reconcileOverlap(
  left: readonly HeardWord[],
  right: readonly HeardWord[],
  overlap: Overlap,
): { keepLeft: number; skipRight: number } {
  const tailFrom = left.findIndex((word) => middleOf(word) >= overlap.start - MARGIN * word.spread);
  const tail = tailFrom === -1 ? [] : left.slice(tailFrom);
  const headTo = right.findLastIndex((word) => middleOf(word) <= overlap.end + MARGIN * word.spread);
  const head = right.slice(0, headTo + 1);
  const columns = columnsOf(tail, head, alignWords(tail, head));
  const at = switchColumn(columns, overlap);
  const kept = columns.slice(0, at).filter(({ left: word }) => word !== undefined).length;
  const skipped = columns.slice(0, at).filter(({ right: word }) => word !== undefined).length;
  return { keepLeft: left.length - tail.length + kept, skipRight: skipped };
}

/** The pairs, and between them what only one side heard, in order of time. */
function columnsOf(left: readonly HeardWord[], right: readonly HeardWord[], pairs: readonly Pair[]): Column[] {
  const columns: Column[] = [];
  let [i, j] = [0, 0];
  for (const pair of [...pairs, { left: left.length, right: right.length, same: false }]) {
    while (i < pair.left || j < pair.right) {
      const [one, other] = [left[i], right[j]];
      const takeLeft = j >= pair.right || (i < pair.left && one && other && middleOf(one) <= middleOf(other));
      columns.push({ left: takeLeft ? left[i++] : undefined, right: takeLeft ? undefined : right[j++], same: false });
    }
    if (i < left.length && j < right.length) columns.push({ left: left[i++], right: right[j++], same: pair.same });
  }
  return columns;
}

/** Index of the first column taken from the right. */
function switchColumn(columns: readonly Column[], overlap: Overlap): number {
  const positions = Array.from({ length: columns.length + 1 }, (_, position) => position);
  const safe = positions.filter((position) => columns[position]?.same || columns[position - 1]?.same);
  const centre = (overlap.start + overlap.end) / 2;
  const ranked = (safe.length > 0 ? safe : positions).map((position) => ({
    position,
    loss: lossAt(columns, position, overlap) + (safe.length > 0 ? 0 : doublingAt(columns, position)),
    offCentre: Math.abs(timeOf(columns, position, centre) - centre),
  }));
  // Losses are sums of shares; what differs by less than a thousandth of a word is equal.
  const least = Math.min(...ranked.map(({ loss }) => loss)) + 1e-3;
  const best = ranked.filter(({ loss }) => loss <= least).toSorted((a, b) => a.offCentre - b.offCentre)[0];
  return best?.position ?? 0;
}

/** How much is lost by switching here, in words, each weighed by how well its side can have heard it. */
function lossAt(columns: readonly Column[], position: number, overlap: Overlap): number {
  return columns.reduce((sum, { left, right, same }, index) => {
    if (same) return sum;
    const leftWorth = left ? 1 - progress(left, overlap) : 0;
    const rightWorth = right ? progress(right, overlap) : 0;
    return sum + Math.max(0, index < position ? rightWorth - leftWorth : leftWorth - rightWorth);
  }, 0);
}

/** How far into the overlap a word is: 0 where the right chunk begins to hear, 1 where the left one ends. */
function progress(word: HeardWord, { start, end }: Overlap): number {
  return Math.min(1, Math.max(0, (middleOf(word) - start) / Math.max(1e-3, end - start)));
}

/** Two words that sound at once on either side of the switch are probably one word, heard differently. */
function doublingAt(columns: readonly Column[], position: number): number {
  const before = columns.slice(0, position).findLast(({ left }) => left)?.left;
  const after = columns.slice(position).find(({ right }) => right)?.right;
  return before && after ? shareTogether(before, after) : 0;
}

/** The moment of a switch: between the words on either side of it. */
function timeOf(columns: readonly Column[], position: number, fallback: number): number {
  const before = columns[position - 1];
  const after = columns[position];
  const earlier = (before?.left ?? before?.right)?.end;
  const later = (after?.right ?? after?.left)?.start;
  return earlier !== undefined && later !== undefined ? (earlier + later) / 2 : (earlier ?? later ?? fallback);
}

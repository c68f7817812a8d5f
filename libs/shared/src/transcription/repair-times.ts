/** Times as an engine gave them, in seconds; anything may be wrong or missing. */
export interface GivenTimes {
  start?: number | undefined;
  end?: number | undefined;
}

export interface Times {
  start: number;
  end: number;
}

export interface RepairedTimes {
  /** One for each given: in order, not overlapping, inside the bounds. */
  times: Times[];
  /** How many had no usable start. */
  missing: number;
  /** How many began outside the bounds by more than the slack, or ended outside by a window. */
  outside: number;
  /** How many broke the order by more than the slack. */
  unordered: number;
}

/** whisper rounds the last end up to the end of its window, in seconds. */
const WINDOW = 30;

/** Engines round to windows and tokens; a deviation up to this is no sign of anything, in seconds. */
const SLACK = 1;

/**
 * Makes times usable whatever an engine gave: the order of the text is trusted, the most times that agree with it are
 * kept, and all others are spread between their neighbours.
 * @param from earliest time allowed, `to` the latest, in seconds.
 * @param longest assumed length where an end is missing or unusable, in seconds.
 */
export function repairTimes(given: readonly GivenTimes[], from: number, to: number, longest: number): RepairedTimes {
  const inside = given.map(({ start }) => usable(start) && start >= from - SLACK && start <= to + SLACK);
  const starts = given.map(({ start }, index) =>
    inside[index] ? Math.min(to, Math.max(from, start ?? from)) : undefined,
  );
  const kept = longestOrdered(starts);
  const filled = fillGaps(
    starts.map((start, index) => (kept[index] ? start : undefined)),
    from,
    to,
  );
  const times = filled.map((start, index) => {
    const next = filled[index + 1] ?? to;
    const end = given[index]?.end;
    const trusted = kept[index] && usable(end) && end >= start;
    return { start, end: Math.max(start, Math.min(trusted ? end : start + longest, next)) };
  });
  return {
    times,
    missing: given.filter(({ start }) => !usable(start)).length,
    outside: given.filter(
      ({ start, end }, index) => (usable(start) && !inside[index]) || (usable(end) && end > to + WINDOW),
    ).length,
    unordered: starts.filter(
      (start, index) => start !== undefined && Math.abs(start - (filled[index] ?? start)) > SLACK,
    ).length,
  };
}

/** whisper.cpp writes -1 for a time it does not have; JSON of other engines has null. */
function usable(time: number | undefined): time is number {
  return time !== undefined && Number.isFinite(time) && time >= 0;
}

/** Marks the longest subsequence that never goes back in time (patience sorting). */
function longestOrdered(values: readonly (number | undefined)[]): boolean[] {
  const tails: number[] = [];
  const previous: number[] = [];
  const valueAt = (index: number | undefined): number => (index === undefined ? Infinity : (values[index] ?? Infinity));
  values.forEach((value, index) => {
    if (value === undefined) return;
    let low = 0;
    for (let high = tails.length; low < high;) {
      const middle = (low + high) >> 1;
      if (valueAt(tails[middle]) <= value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  });
  const marks = values.map(() => false);
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) marks[at] = true;
  return marks;
}

/** Spreads what is missing evenly between the known neighbours. */
function fillGaps(values: readonly (number | undefined)[], from: number, to: number): number[] {
  const filled: number[] = [];
  for (let at = 0; at < values.length; at++) {
    const known = values[at];
    if (known !== undefined) {
      filled.push(known);
      continue;
    }
    const before = filled.at(-1) ?? from;
    let next = at;
    while (next < values.length && values[next] === undefined) next++;
    const after = values[next] ?? to;
    // The first of a list may start at the bound itself; later ones leave room for their predecessor.
    const parts = next - at + (at === 0 ? 0 : 1);
    const offset = at === 0 ? 0 : 1;
    for (let step = 0; at + step < next; step++) {
      filled.push(before + ((after - before) * (step + offset)) / Math.max(1, parts));
    }
    at = next - 1;
  }
  return filled;
}

/** A stretch of time: start and end in seconds, end after start. */
export type Span = readonly [start: number, end: number];

/** The spans in order, those that touch or overlap joined, empty ones left out. */
export function unionOf(spans: readonly Span[]): Span[] {
  const joined: [number, number][] = [];
  for (const [start, end] of spans.filter(([from, to]) => to > from).toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** What lies in both. */
export function intersectionOf(left: readonly Span[], right: readonly Span[]): Span[] {
  const [a, b] = [unionOf(left), unionOf(right)];
  const common: Span[] = [];
  for (let i = 0, j = 0; ;) {
    const [one, other] = [a[i], b[j]];
    if (!one || !other) return common;
    const start = Math.max(one[0], other[0]);
    const end = Math.min(one[1], other[1]);
    if (end > start) common.push([start, end]);
    if (one[1] < other[1]) i++;
    else j++;
  }
}

/** What lies in `whole` and in none of `parts`. */
export function difference(whole: readonly Span[], parts: readonly Span[]): Span[] {
  const joined = unionOf(parts);
  return unionOf(whole).flatMap(([start, end]) => {
    const left: Span[] = [];
    let from = start;
    for (const [partStart, partEnd] of joined) {
      if (partEnd <= from || partStart >= end) continue;
      if (partStart > from) left.push([from, partStart]);
      from = partEnd;
    }
    if (from < end) left.push([from, end]);
    return left;
  });
}

/** Length of all spans together, in seconds; what overlaps counts once. */
export function lengthOf(spans: readonly Span[]): number {
  return unionOf(spans).reduce((sum, [start, end]) => sum + (end - start), 0);
}

/** Rounded to milliseconds, the resolution of every artifact. */
export function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

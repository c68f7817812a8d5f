import { CHUNK_DEAD, CHUNK_DONE, CHUNK_PENDING } from '#shared/contracts/episode-state';

/** A chunk that reports progress, besides the marks of the state. */
const CHUNK_RUNNING = '=';

/**
 * One character a chunk: `#` done, `=` at work, `.` waiting, `!` given up. More chunks than columns share one: it is done
 * where all of it is, else shows the most that goes on in it.
 */
export function chunkMap(chunks: string, share: (chunk: number) => number, width: number): string {
  const marks = [...chunks].map((mark, index) => (mark === CHUNK_PENDING && share(index) > 0 ? CHUNK_RUNNING : mark));
  const each = Math.ceil(marks.length / width);
  const cells = Array.from({ length: Math.ceil(marks.length / each) }, (_, at) =>
    marks.slice(at * each, (at + 1) * each),
  );
  return cells.map(together).join('');
}

function together(marks: readonly string[]): string {
  if (marks.every((mark) => mark === CHUNK_DONE)) return CHUNK_DONE;
  if (marks.includes(CHUNK_DEAD)) return CHUNK_DEAD;
  return marks.some((mark) => mark !== CHUNK_PENDING) ? CHUNK_RUNNING : CHUNK_PENDING;
}

/** A stretch of a publisher's transcript. Times are as it gives them, in seconds; text without times has none. */
export interface Cue {
  start?: number | undefined;
  end?: number | undefined;
  text: string;
}

/** `1:02:03,5`, `02:03.5` or `123.5` in seconds; undefined for anything else. */
export function readClock(text: string): number | undefined {
  const match = /^(?:(\d{1,3}):)?(?:(\d{1,3}):)?(\d{1,7}(?:[.,]\d{1,9})?)$/.exec(text.trim());
  if (match === null) return undefined;
  const [hours, minutes] = match[2] === undefined ? ['0', match[1] ?? '0'] : [match[1] ?? '0', match[2]];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number((match[3] ?? '').replace(',', '.'));
}

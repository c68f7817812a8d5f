/**
 * A time as subtitles write it.
 * @param seconds from the start of the episode, 0 or more.
 * @param decimal what stands before the milliseconds: "," in SubRip, "." in WebVTT.
 */
export function subtitleTime(seconds: number, decimal: ',' | '.'): string {
  const total = Math.round(seconds * 1000);
  const [hours, minutes, rest] = [Math.floor(total / 3_600_000), Math.floor(total / 60_000) % 60, total % 60_000];
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(hours)}:${two(minutes)}:${two(Math.floor(rest / 1000))}${decimal}${String(rest % 1000).padStart(3, '0')}`;
}

/** A time for people, in whole seconds: 4:07, 1:04:07. */
export function clockTime(seconds: number): string {
  const total = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

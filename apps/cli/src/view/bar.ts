/** Columns, so that a line with its ETA fits into 80. */
const BAR = 20;

export function bar(share: number, width = BAR): string {
  const full = Math.round(Math.max(0, Math.min(1, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** One line of a stage: name, bar, share, and what helps to judge it. What is not finished never shows 100 %. */
export function barLine(name: string, share: number, detail: string): string {
  const shown = share >= 1 ? 1 : Math.min(0.99, Math.max(0, share));
  return `  ${name.padEnd(11)} ${bar(shown)} ${String(Math.floor(shown * 100)).padStart(3)} %  ${detail}`.trimEnd();
}

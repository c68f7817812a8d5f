/**
 * Other people's words on one line of a Markdown page, as they are: they become neither links, pictures, HTML nor headings
 * of it.
 */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|~]/g, (character) => `\\${character}`)
    .replace(/^(\d+)([.)])(?=\s)/, '$1\\$2')
    .replace(/^([-+=])/, '\\$1')
    .replace(/\bhttps?:\/\//gi, (scheme) => scheme.replace(':', '\\:'));
}

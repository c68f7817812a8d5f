/** Tokens whisper steers itself with; some servers let them through: `<|en|>`, `<|0.00|>`, `[_BEG_]`, `[_TT_150]`. */
const STEERING = /<\|[^|<>]{0,40}\|>|\[_[A-Z]{1,12}_\d*\]?/g;

/**
 * Nothing a reader sees: control characters, zero-width spaces and joins, direction marks and overrides, soft hyphens,
 * and the replacement character that stands for broken UTF-8.
 */
const INVISIBLE = /[\p{Cc}\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFD]/gu;

/** The zero-width (non-)joiner shapes letters in Persian and Indic scripts, and is noise anywhere else. */
const STRAY_JOINER = /(?<![\p{L}\p{M}])[\u200C\u200D]|[\u200C\u200D](?![\p{L}\p{M}])/gu;

/**
 * Text as an engine wrote it, fit to store and to print: one line, single spaces, nothing invisible. Escape sequences
 * lose their escape character, so that a transcript can't drive a terminal.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(STEERING, ' ')
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINER, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

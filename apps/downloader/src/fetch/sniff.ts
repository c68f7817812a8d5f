import { PermanentError } from '#shared/errors';

/** First bytes that are looked at: enough to get past a byte-order mark, blank lines and an XML declaration. */
export const SNIFF_BYTES = 512;

const OPENINGS: readonly (readonly [RegExp, string])[] = [
  [/^(<!doctype\s+html|<html|<head|<body|<script|<!--)/i, 'an HTML page'],
  [/^<\?xml.*?<(rss|feed|rdf:rdf)\b|^<(rss|feed)\b/is, 'a feed (publish the URL of its audio instead)'],
  [/^<(\?xml|[a-z!])/i, 'an XML document'],
  [/^#EXTM3U/i, 'a playlist'],
  [/^\[playlist\]/i, 'a playlist'],
  [/^ffconcat version/i, 'a playlist'],
  [/^[[{]\s*(["[{\]}\d]|true|false|null|-)/, 'JSON'],
];

/** Types of answers that are text whatever they hold; a server that sends audio under one of them is believed its bytes. */
const TEXT_TYPE =
  /^(text\/|application\/(json|xml|xhtml\+xml|[\w.-]+\+(xml|json)|(x-|vnd\.apple\.)?mpegurl)|audio\/(x-)?(mpegurl|scpls))/;

/**
 * Refuses what is not a media file by its first bytes, and text by its bytes and its content type together.
 * Everything else is ffprobe's to judge.
 * @throws PermanentError `not-audio` naming what came.
 */
export function refuseText(head: Uint8Array, contentType: string | undefined, from: string): void {
  // Not fatal: the last character may be cut in two, and old pages are not UTF-8.
  const text = new TextDecoder().decode(head.subarray(0, SNIFF_BYTES)).trimStart();
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) return;
  const declaredText =
    contentType !== undefined && TEXT_TYPE.test(contentType) && !text.slice(0, -1).includes('\ufffd');
  const what = OPENINGS.find(([opening]) => opening.test(text))?.[1] ?? (declaredText ? 'text' : undefined);
  if (what === undefined) return;
  const declared = contentType === undefined ? 'no content type' : `content type ${contentType}`;
  throw new PermanentError('not-audio', `${from} gave ${what} instead of audio (${declared}).`);
}

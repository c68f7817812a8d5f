/** First bytes searched for an XML declaration. */
const PROLOG_BYTES = 1024;

/** Encodings whose bytes are plain ASCII, so that they pass for UTF-8 and the declaration alone tells them apart. */
const ASCII_ONLY = /^(iso-2022-\w+|hz-gb-2312|csiso2022\w+|utf-7)$/i;

/**
 * The text of a feed, whatever its encoding. Declarations are often wrong, so the bytes come first: a byte-order mark, NULs
 * of UTF-16, bytes that are valid UTF-8. Then what the XML declaration says, then the HTTP header, and Windows-1252 at last.
 * @param charset of the Content-Type header, where it has one.
 */
export function decodeFeed(bytes: Uint8Array, charset?: string): string {
  const wide = utf16Of(bytes);
  if (wide !== undefined) return decode(bytes, wide) ?? '';
  const declared = [declaredEncoding(bytes), charset].filter((name) => name !== undefined);
  const stateful = declared.find((name) => ASCII_ONLY.test(name) && bytes.includes(0x1b));
  if (stateful !== undefined) {
    const text = decode(bytes, stateful);
    if (text !== undefined) return text;
  }
  const utf8 = decode(bytes, 'utf-8', true);
  if (utf8 !== undefined) return utf8;
  for (const name of declared.filter((one) => !/^utf-?8$/i.test(one))) {
    const text = decode(bytes, name, true);
    if (text !== undefined) return text;
  }
  // A feed that says UTF-8 and is almost all of it has a few broken bytes; another one was never UTF-8.
  const lenient = decode(bytes, 'utf-8') ?? '';
  const broken = lenient.split('\ufffd').length - 1;
  const nonAscii = bytes.reduce((count, byte) => count + (byte >= 0xc0 ? 1 : 0), 0);
  return broken * 10 < nonAscii ? lenient : (decode(bytes, 'windows-1252') ?? lenient);
}

/** The parameter of a Content-Type header. */
export function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1];
}

/** Whether a feed is UTF-16: the only encoding in use whose tags are not ASCII. */
export function isWide(bytes: Uint8Array): boolean {
  return utf16Of(bytes) !== undefined;
}

function utf16Of(bytes: Uint8Array): string | undefined {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return 'utf-16be';
  return undefined;
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, PROLOG_BYTES)).toString('latin1');
  return /^[\s\u00ef\u00bb\u00bf]*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/i.exec(head)?.[1];
}

/** @returns undefined where the encoding is not known, or `fatal` and the bytes are not of it. */
function decode(bytes: Uint8Array, encoding: string, fatal = false): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal }).decode(bytes);
  } catch {
    return undefined;
  }
}

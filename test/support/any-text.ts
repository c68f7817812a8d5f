import fc from 'fast-check';

/** What is written with more than one code point, or joined to its neighbours. */
const composed = fc.constantFrom('e\u0301', 'ก็', '한', 'か\u3099', '👩🏽‍🚀', '🇫🇷', 'ﷺ', '\u0301', '\u200D', '\r\n');

const codePoint = fc
  .oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
    { weight: 2, arbitrary: fc.integer({ min: 0x3000, max: 0x9fff }) },
    { weight: 2, arbitrary: fc.integer({ min: 0x80, max: 0xd7ff }) },
    { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
  )
  .map((code) => String.fromCodePoint(code));

/**
 * Any text without halves of surrogate pairs, of at most so many characters. fast-check's own units `binary` and
 * `grapheme` first make a table of every code point there is, which takes each test file a second.
 */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.oneof({ weight: 5, arbitrary: codePoint }, composed), maxLength });

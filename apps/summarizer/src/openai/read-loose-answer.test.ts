import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { coerceSummary } from './coerce-answer.ts';
import { readLooseJson } from './read-loose-json.ts';
import { readTextAnswer } from './read-text-answer.ts';

describe('loose JSON', () => {
  test('that is right is read as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (value) => {
        // A negative zero has no JSON of its own.
        const json = JSON.stringify(value);
        expect(readLooseJson(json)).toEqual(JSON.parse(json));
      }),
    );
  });

  test('that is cut off anywhere is read up to there, and never for ever', () => {
    const json = JSON.stringify({ a: 'text "quoted"', b: [1, { c: null }], d: { e: ['x', true] } }, null, 1);
    for (let i = 1; i <= json.length; i++) expect(readLooseJson(json.slice(0, i))).toBeDefined();
    expect(readLooseJson(json.slice(0, 60))).toMatchObject({ a: 'text "quoted"', b: [1, { c: null }] });
  });

  test('of any characters ends', () => {
    const characters = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', ':', ',', '"', "'", '\\', 'a', '1', '\n', 'u'),
    });
    fc.assert(fc.property(characters, (text) => void readLooseJson(`{${text}`)));
  });

  test.each([
    ['```json\n{"a": 1,}\n```\nI hope this helps!', { a: 1 }],
    ['Sure. {a: 1, "b": [2,, 3,],}', { a: 1, b: [2, 3] }],
    ["{'a': 'it’s', “b”: “c”}", { a: 'it’s', b: 'c' }],
    ['{"a": "he said "no" twice", "b": 2}', { a: 'he said "no" twice', b: 2 }],
    ['{"a": "two\nlines", "b": }', { a: 'two\nlines', b: null }],
    ['{"__proto__": {"x": 1}}', JSON.parse('{"__proto__": {"x": 1}}')],
    ['{"a": [1, 2}', { a: [1, 2] }],
    ['{"a": {"b": 1], "c": 2', { a: { b: 1 } }],
    ['no object here', undefined],
    ['["a"]', undefined],
  ])('%j', (text, value) => {
    expect(readLooseJson(text)).toEqual(value);
  });
});

describe('an answer that does not fit', () => {
  test('keeps what can be understood of it', () => {
    const answer = coerceSummary({
      Title: 'T',
      summary: ['One.', 'Two.'],
      key_points: [
        '[75] first',
        { statement: 'second', time: '1:30' },
        { text: 'third', start: 12.5 },
        'fourth',
        '90s - fifth',
      ],
      chapters: [{ name: 'Start', start_time: '00:01:00' }, 7],
      people: 'Anna; Bert',
      organizations: [{ name: 'ACME', kind: 'company' }],
      quotes: null,
    });
    expect(answer).toEqual({
      language: '',
      title: 'T',
      oneLine: 'One.',
      abstract: 'One. Two.',
      keyPoints: [
        { text: 'first', start: 75 },
        { text: 'second', start: 90 },
        { text: 'third', start: 12.5 },
        { text: 'fourth', start: Number.NaN },
        { text: 'fifth', start: 90 },
      ],
      chapters: [
        { title: 'Start', start: 60 },
        { title: '7', start: Number.NaN },
      ],
      people: ['Anna', 'Bert'],
      organisations: ['ACME'],
      quotes: [],
      keywords: [],
    });
  });

  test('in plain text is read by its headings', () => {
    const text =
      '**TITLE:** Tide\nONE LINE: Short.\n## Summary:\nIt ground\nflour.\nKEY POINTS:\n- [12] A wheel.\n\nPEOPLE: Anna; Bert\nKeywords: tide, mill';
    expect(coerceSummary(readTextAnswer(text))).toMatchObject({
      title: 'Tide',
      oneLine: 'Short.',
      abstract: 'It ground flour.',
      keyPoints: [{ text: 'A wheel.', start: 12 }],
      people: ['Anna', 'Bert'],
      keywords: ['tide', 'mill'],
    });
  });

  test('in plain text without headings is all abstract', () => {
    expect(coerceSummary(readTextAnswer('A mill. It used the tide.'))).toMatchObject({
      oneLine: 'A mill.',
      abstract: 'A mill. It used the tide.',
    });
  });
});

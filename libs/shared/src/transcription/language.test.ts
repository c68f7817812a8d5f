import { describe, expect, test } from '@jest/globals';
import { PermanentError } from '#shared/errors';
import { AUTO, engineLanguage, LANGUAGE_CODES, languageCode, languageName, requestedLanguage } from './language.ts';

describe('a requested language', () => {
  test.each([
    ['en', 'en'],
    ['English', 'en'],
    [' GERMAN ', 'de'],
    ['pt-BR', 'pt'],
    ['zh_TW', 'zh'],
    ['Haitian Creole', 'ht'],
    ['jw', 'jv'],
    ['iw', 'he'],
    ['haw', 'haw'],
    ['Auto', AUTO],
  ])('%s is %s', (value, code) => {
    expect(requestedLanguage(value)).toBe(code);
  });

  test.each(['klingon', 'xx', '', 'constructor', '__proto__'])('"%s" is refused by name', (value) => {
    expect(() => requestedLanguage(value)).toThrow(PermanentError);
    expect(() => requestedLanguage(value)).toThrow(`"${value}"`);
  });
});

test('every code goes to a name and back', () => {
  expect(LANGUAGE_CODES).toHaveLength(100);
  for (const code of LANGUAGE_CODES) {
    expect(languageCode(languageName(code))).toBe(code);
    expect(languageCode(engineLanguage(code))).toBe(code);
  }
});

test('whisper is asked for Javanese by its own name for it', () => {
  expect(engineLanguage('jv')).toBe('jw');
  expect(engineLanguage('en')).toBe('en');
});

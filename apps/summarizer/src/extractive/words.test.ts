import { expect, test } from '@jest/globals';
import { wordsOf } from './words.ts';

const terms = (text: string, language: string): string[] =>
  wordsOf(text, language).flatMap(({ term }) => (term === undefined ? [] : [term]));

test('stop words and fillers are no terms, in every language with a list', () => {
  expect(terms("Well, you know, that's what it is.", 'en')).toEqual([]);
  expect(terms('Das ist ja eigentlich auch ganz gut so.', 'de')).toEqual([]);
  expect(terms("C'est ce que l'on fait, d'accord ?", 'fr')).toEqual([]);
  expect(terms('Pues eso es lo que hay.', 'es')).toEqual([]);
  expect(terms('Questo è quello che ho.', 'it')).toEqual([]);
  expect(terms('Dat is eigenlijk wel zo.', 'nl')).toEqual([]);
  expect(terms('Isso é o que eu tenho.', 'pt-BR')).toEqual([]);
});

test.each([
  ['light lights lighted lighting', 1],
  ['lens lenses', 1],
  ['party parties', 1],
  ['make making makes', 0],
  ['bake bakes baked baking', 1],
  ['stop stopped stopping', 1],
  ['glass glasses', 1],
  ["lighthouse lighthouse's", 1],
  ['king string bus', 3],
])('%s have %i stems in English', (text, stems) => {
  expect(new Set(terms(text, 'en')).size).toBe(stems);
});

test('an elided article is no part of a French or Italian word', () => {
  expect(wordsOf("L'eau coule", 'fr')[0]).toEqual({ form: 'eau', term: 'eau' });
  expect(wordsOf("dell'acqua", 'it')[0]).toEqual({ form: 'acqua', term: 'acqua' });
});

test('words without spaces between them are told apart', () => {
  expect(terms('東京タワーは高い', 'ja').length).toBeGreaterThan(1);
});

/** Abbreviations a full stop belongs to, in lower case and without it, by language. A sentence goes on after them. */
const BY_LANGUAGE: Readonly<Record<string, string>> = {
  en: `mr mrs ms mx dr prof st gen col maj capt lt sgt sen rep gov rev hon pres supt messrs vs e.g i.e cf viz approx ca
    fig figs vol vols ed eds pp no nos est dept univ assn bros mt ave blvd rd jan feb mar apr jun jul aug sep sept oct nov
    dec`,
  de: `dr prof hr fr frl st z.b d.h u.a u.u i.d.r o.ä s.o s.u v.a bzw bspw ca evtl ggf inkl exkl max min mio mrd nr str tel
    vgl abs art bd hrsg jh jhd sog geb gest ing dipl stellv allg ev kath v.chr n.chr jan feb aug sept okt nov dez`,
  fr: `m mm mme mmes mlle mlles dr pr st ste me mgr p.ex cf c.-à-d env fig vol éd art chap av apr janv févr avr juil sept
    oct nov déc tél no`,
  es: `sr sra srta srs sres dr dra d dª prof ing lic arq gral cap cnel p.ej p.e ej núm nº pág págs vol cap art av avda
    ud uds vd aprox a.c d.c ee.uu tel ene feb abr jun jul ago sept oct nov dic`,
  it: `sig sigg sig.ra sig.na dott dott.ssa prof prof.ssa ing avv arch on rag geom dr p.es ad.es cfr ecc pag pagg vol cap
    art fig n nr tel s.p.a s.r.l a.c d.c gen feb mar apr giu lug ago set ott nov dic`,
  nl: `dhr mevr mw dr drs ir ing mr prof st bijv bv d.w.z e.d i.p.v m.b.t m.a.w n.a.v o.a o.l.v t.a.v t.o.v z.s.m nr blz
    vgl ca max min jan feb mrt apr jun jul aug sept okt nov dec`,
  pt: `sr sra srta dr dra prof profa eng exmo exma d p.ex ex pág págs núm nº vol cap art av tel aprox a.c d.c fev abr
    jun jul ago set out nov dez`,
};

/** "No." and the like answer a question more often than they count something: they bind only to a number. */
const BEFORE_NUMBERS = new Set([
  'no',
  'nos',
  'nr',
  'n',
  'nº',
  'núm',
  'art',
  'fig',
  'figs',
  'vol',
  'vols',
  'max',
  'min',
  'mar',
  'gen',
  'set',
  'ed',
  'on',
  'me',
  'd',
  'cap',
  'ca',
  'st',
  'p',
  'pp',
  'pag',
  'pág',
  'pagg',
  'págs',
  'ave',
  'ev',
  'rev',
  'out',
  'ex',
  'av',
]);

const SETS = new Map(
  Object.entries(BY_LANGUAGE).map(([language, words]) => [language, new Set(words.split(/\s+/))] as const),
);
const ANY = new Set(Object.values(BY_LANGUAGE).flatMap((words) => words.split(/\s+/)));

/** Languages that write an ordinal with a full stop: "am 3. Mai". */
const ORDINAL_LANGUAGES = new Set([
  'bs',
  'cs',
  'da',
  'de',
  'et',
  'fi',
  'hr',
  'hu',
  'is',
  'lv',
  'nn',
  'no',
  'sk',
  'sl',
  'sr',
  'tr',
]);

/** "J.", "U.S.", "z.B.", "E.T.A." */
const INITIALS = /^(?:\p{L}\.)+$/u;

/**
 * Whether a sentence goes on where a splitter saw an end.
 * @param lastWord What stands before the gap, with its punctuation.
 * @param nextWord What stands after it.
 * @param isCommon Whether a lower-case word is one that sentences often begin with: after "in the U.S." it tells "They"
 * from "Senate".
 */
export function goesOn(
  lastWord: string,
  nextWord: string,
  language: string,
  isCommon: (word: string) => boolean,
): boolean {
  if (!lastWord.endsWith('.')) return false;
  const bare = lastWord
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, -1);
  const beforeNumber = /^\p{N}/u.test(nextWord);
  if ((SETS.get(language) ?? ANY).has(bare))
    return BEFORE_NUMBERS.has(bare) ? beforeNumber || titled(bare, nextWord) : true;
  if (isCommon(nextWord.toLowerCase().replace(/[^\p{L}\p{N}'’-]+$/u, ''))) return false;
  if (INITIALS.test(`${bare}.`)) return true;
  return ORDINAL_LANGUAGES.has(language) && /^\p{N}{1,2}$/u.test(bare) && /^\p{Lu}/u.test(nextWord);
}

/** "St. Mary" and "Gen. Grant" go on before a name, too. */
function titled(bare: string, nextWord: string): boolean {
  return ['st', 'gen', 'rev', 'd', 'on', 'me'].includes(bare) && /^\p{Lu}\p{Ll}/u.test(nextWord);
}

/** Words that stand in every text of a language, and are rare in the others. */
const COMMON: Readonly<Record<string, string>> = {
  en: 'the and that you with this have was they from what would there which been',
  de: 'und der die das nicht ist ich ein auch sich mit wir auf haben aber oder',
  fr: 'les des est une pas que dans pour vous nous avec sur être mais cette',
  es: 'que los las una por con para pero como está muy porque también esto del',
  it: 'che non una sono della per come anche questo più gli nel perché molto alla',
  pt: 'que não uma com para são mais isso também você muito pela então mas quando',
  nl: 'het een van dat niet zijn maar ook voor met naar wij heeft deze worden',
  sv: 'och det att som inte jag har med för till är den ett om på',
  pl: 'nie się jest że na jak ale tak już tego dla czy po może bardzo',
};

/** Scripts that only one language podline knows is written in, or a few. */
const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Han}/gu, 'zh'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Thai}/gu, 'th'],
];

/** Text looked at, in characters. */
const SAMPLE = 20_000;
/** Least share of a text's words that are the common ones of its language; in running speech it is about a quarter. */
const LEAST_SHARE = 0.06;

/**
 * The language a text is written in, where that is plain; enough to tell a transcript in the wrong language.
 * @returns ISO 639-1 code, or undefined for one it does not know and for a text too short to tell.
 */
export function guessLanguage(text: string): string | undefined {
  const sample = text.slice(0, SAMPLE).toLowerCase();
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 100) return undefined;
  const script = SCRIPTS.find(([pattern]) => (sample.match(pattern)?.length ?? 0) > letters * 0.15);
  if (script !== undefined) return script[1];
  const words = sample.match(/\p{L}+/gu) ?? [];
  const shares = Object.entries(COMMON)
    .map(([code, list]) => {
      const common = new Set(list.split(' '));
      return { code, share: words.filter((word) => common.has(word)).length / words.length };
    })
    .toSorted((a, b) => b.share - a.share);
  const [first, second] = shares;
  if (first === undefined || first.share < LEAST_SHARE || first.share < 1.5 * (second?.share ?? 0)) return undefined;
  return first.code;
}

import { PermanentError } from '#shared/errors';

/** The language of audio nobody named and no engine detected (ISO 639-3 "undetermined"). */
export const UNDETERMINED = 'und';

/** Lets the engine find the language itself. */
export const AUTO = 'auto';

/**
 * The languages whisper knows, by ISO 639-1 code (two have none and keep their ISO 639-3 or -2 code), with the names
 * whisper.cpp and OpenAI's API answer with. Javanese is `jv` here, though whisper calls it `jw`.
 */
const NAMES: Readonly<Record<string, string>> = {
  af: 'afrikaans',
  am: 'amharic',
  ar: 'arabic',
  as: 'assamese',
  az: 'azerbaijani',
  ba: 'bashkir',
  be: 'belarusian',
  bg: 'bulgarian',
  bn: 'bengali',
  bo: 'tibetan',
  br: 'breton',
  bs: 'bosnian',
  ca: 'catalan',
  cs: 'czech',
  cy: 'welsh',
  da: 'danish',
  de: 'german',
  el: 'greek',
  en: 'english',
  es: 'spanish',
  et: 'estonian',
  eu: 'basque',
  fa: 'persian',
  fi: 'finnish',
  fo: 'faroese',
  fr: 'french',
  gl: 'galician',
  gu: 'gujarati',
  ha: 'hausa',
  haw: 'hawaiian',
  he: 'hebrew',
  hi: 'hindi',
  hr: 'croatian',
  ht: 'haitian creole',
  hu: 'hungarian',
  hy: 'armenian',
  id: 'indonesian',
  is: 'icelandic',
  it: 'italian',
  ja: 'japanese',
  jv: 'javanese',
  ka: 'georgian',
  kk: 'kazakh',
  km: 'khmer',
  kn: 'kannada',
  ko: 'korean',
  la: 'latin',
  lb: 'luxembourgish',
  ln: 'lingala',
  lo: 'lao',
  lt: 'lithuanian',
  lv: 'latvian',
  mg: 'malagasy',
  mi: 'maori',
  mk: 'macedonian',
  ml: 'malayalam',
  mn: 'mongolian',
  mr: 'marathi',
  ms: 'malay',
  mt: 'maltese',
  my: 'myanmar',
  ne: 'nepali',
  nl: 'dutch',
  nn: 'nynorsk',
  no: 'norwegian',
  oc: 'occitan',
  pa: 'punjabi',
  pl: 'polish',
  ps: 'pashto',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sa: 'sanskrit',
  sd: 'sindhi',
  si: 'sinhala',
  sk: 'slovak',
  sl: 'slovenian',
  sn: 'shona',
  so: 'somali',
  sq: 'albanian',
  sr: 'serbian',
  su: 'sundanese',
  sv: 'swedish',
  sw: 'swahili',
  ta: 'tamil',
  te: 'telugu',
  tg: 'tajik',
  th: 'thai',
  tk: 'turkmen',
  tl: 'tagalog',
  tr: 'turkish',
  tt: 'tatar',
  uk: 'ukrainian',
  ur: 'urdu',
  uz: 'uzbek',
  vi: 'vietnamese',
  yi: 'yiddish',
  yo: 'yoruba',
  yue: 'cantonese',
  zh: 'chinese',
};

/** Other names in use, by people, feeds and engines. */
const ALIASES: Readonly<Record<string, string>> = {
  burmese: 'my',
  castilian: 'es',
  farsi: 'fa',
  fil: 'tl',
  filipino: 'tl',
  flemish: 'nl',
  haitian: 'ht',
  in: 'id',
  iw: 'he',
  jw: 'jv',
  letzeburgesch: 'lb',
  mandarin: 'zh',
  moldavian: 'ro',
  moldovan: 'ro',
  nb: 'no',
  'norwegian bokmål': 'no',
  'norwegian nynorsk': 'nn',
  panjabi: 'pa',
  pushto: 'ps',
  sinhalese: 'si',
  valencian: 'ca',
};

const CODES = new Map<string, string>([
  ...Object.entries(NAMES).map(([code, name]) => [name, code] as const),
  ...Object.keys(NAMES).map((code) => [code, code] as const),
  ...Object.entries(ALIASES),
]);

/** All codes that `requestedLanguage` accepts, without "auto". */
export const LANGUAGE_CODES: readonly string[] = Object.keys(NAMES);

/**
 * The code of a language given as code, English name or tag with a region ("en", "English", "en-US").
 * @returns undefined where nothing of that name is known.
 */
export function languageCode(value: string): string | undefined {
  const name = value.trim().toLowerCase();
  return CODES.get(name) ?? CODES.get(name.split(/[-_]/)[0] ?? name);
}

/** The English name of a code, with a capital letter. */
export function languageName(code: string): string {
  const name = NAMES[code];
  return name === undefined ? code : name.replace(/^./, (letter) => letter.toUpperCase());
}

/**
 * What a request asks for.
 * @returns a code, or "auto".
 * @throws PermanentError `unknown-language`, naming the value.
 */
export function requestedLanguage(value: string): string {
  if (value.trim().toLowerCase() === AUTO) return AUTO;
  const code = languageCode(value);
  if (code !== undefined) return code;
  throw new PermanentError(
    'unknown-language',
    `Language "${value.slice(0, 40)}" is not known. Give an ISO 639-1 code such as "en", an English name such as "English", or "auto".`,
  );
}

/** The code engines understand: whisper's own vocabulary differs from ISO 639-1 for Javanese. */
export function engineLanguage(code: string): string {
  return code === 'jv' ? 'jw' : code;
}

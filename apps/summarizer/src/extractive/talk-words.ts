import { baseLanguage } from './stop-words.ts';

/** Words that mark talk rather than information, by language, in lower case. */
interface TalkWords {
  /** The speaker, and whoever is spoken to. */
  person: ReadonlySet<string>;
  /** A sentence that begins with one of these leans on the one before it. */
  leaning: ReadonlySet<string>;
}

const NONE: TalkWords = { person: new Set(), leaning: new Set() };

const words = (person: string, leaning: string): TalkWords => ({
  person: new Set(person.split(' ')),
  leaning: new Set(leaning.split(' ')),
});

const BY_LANGUAGE: Readonly<Record<string, TalkWords>> = {
  en: words(
    "i i'm i've i'd i'll me my mine myself you you're you've you'd you'll your yours",
    "and but so or because then that that's this these those it it's its they they're he he's she she's there which also yes no well exactly",
  ),
  de: words(
    'ich mich mir mein meine meinem meinen meiner du dich dir dein deine ihr euch eure',
    'und aber oder denn weil dann das dass dies diese dieser dieses er sie es da dazu deshalb also auch ja nein doch genau',
  ),
  fr: words(
    "je j'ai j'étais me moi mon ma mes tu te toi ton ta tes vous votre vos",
    "et mais ou car donc alors puis ça c'est ce cela cette ces il elle ils elles y aussi oui non",
  ),
  es: words(
    'yo me mi mis mí tú te tu tus ti usted ustedes',
    'y e pero o porque entonces así eso esto ese esa este esta él ella ellos ellas también sí no pues luego',
  ),
  it: words(
    'io mi me mio mia miei mie tu ti te tuo tua tuoi tue voi vi vostro vostra',
    'e ma o perché allora poi così questo questa quello quella lui lei loro anche sì no quindi',
  ),
  nl: words(
    'ik mij me mijn jij je jou jouw jullie u uw',
    'en maar of want dan dus dat dit deze die het hij zij ze er ook ja nee',
  ),
  pt: words(
    'eu me mim meu minha meus minhas tu te teu tua você vocês',
    'e mas ou porque então assim isso isto esse essa este esta ele ela eles elas também sim não pois aí',
  ),
};

/** Empty lists for a language that has none. */
export function talkWords(language: string): TalkWords {
  return BY_LANGUAGE[baseLanguage(language)] ?? NONE;
}

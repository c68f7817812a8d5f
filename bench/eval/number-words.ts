/** In the order of their values, from zero. */
const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const ONES_ORDINAL =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth';
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety';

type Multiplier = 'hundred' | 'thousand';
type Ending = '' | 'ordinal' | 'plural';
interface Reading {
  value: number;
  /** An ordinal or a plural ends the number: nothing may follow "twentieth" or "sixties". */
  ending: Ending;
  /** Index of the first word behind the number. */
  next: number;
}

const ones = new Map<string, { value: number; ending: Ending }>();
const tens = new Map<string, { value: number; ending: Ending }>();
ONES.split(' ').forEach((word, value) => ones.set(word, { value, ending: '' }));
ONES_ORDINAL.split(' ').forEach((word, value) => ones.set(word, { value, ending: 'ordinal' }));
TENS.split(' ').forEach((word, index) => {
  const value = 20 + 10 * index;
  const stem = word.slice(0, -1);
  tens.set(word, { value, ending: '' });
  tens.set(`${stem}ieth`, { value, ending: 'ordinal' });
  tens.set(`${stem}ies`, { value, ending: 'plural' });
});

/**
 * Rewrites the numbers among lower-case English words as digits: `two hundred and five` → `205`, `twenty first` →
 * `21st`, `nineteen sixty six` → `1966`, `the nineteen sixties` → `the 1960s`, `a thousand` → `1000`, `5 hundred` → `500`.
 * Reads whole numbers up to 999,999; a larger one is left as `5 million`. Any word that is no number is kept.
 */
export function numbersAsDigits(words: readonly string[]): string[] {
  const out: string[] = [];
  for (let at = 0; at < words.length;) {
    const number = readNumber(words, at);
    out.push(number ? inDigits(number) : (words[at] ?? ''));
    at = number ? number.next : at + 1;
  }
  return out;
}

function inDigits({ value, ending }: Reading): string {
  if (ending === 'plural') return `${value}s`;
  if (ending === '') return String(value);
  const teens = value % 100 > 10 && value % 100 < 20;
  return `${value}${(teens ? undefined : ['th', 'st', 'nd', 'rd'][value % 10]) ?? 'th'}`;
}

function readNumber(words: readonly string[], at: number): Reading | undefined {
  const start = belowTenThousand(words, at);
  if (!start || start.ending !== '') return start;
  const thousand = multiplier(words[start.next], 'thousand');
  if (thousand === undefined || start.value > 999) return start;
  return withRest(words, { value: start.value * 1000, ending: thousand, next: start.next + 1 }, 'thousand');
}

/** Up to 99, or that many hundreds ("nineteen hundred and five"), or a year read in pairs ("nineteen oh five"). */
function belowTenThousand(words: readonly string[], at: number): Reading | undefined {
  const start = article(words, at) ?? digits(words, at) ?? belowHundred(words, at);
  if (!start || start.ending !== '') return start;
  const hundred = multiplier(words[start.next], 'hundred');
  if (hundred !== undefined && start.value > 0 && start.value < 100) {
    return withRest(words, { value: start.value * 100, ending: hundred, next: start.next + 1 }, 'hundred');
  }
  return year(words, at, start) ?? start;
}

/** Pairs are read as a year only from 1100 to 2099, so that "five twenty" and "thirty forty" stay two numbers. */
function year(words: readonly string[], at: number, century: Reading): Reading | undefined {
  if (century.value < 11 || century.value > 20 || /^\d/.test(words[at] ?? '')) return undefined;
  const next = words[century.next];
  const oh = next === 'oh' || next === 'o';
  const rest = belowHundred(words, oh ? century.next + 1 : century.next);
  if (!rest || rest.ending === 'ordinal' || (oh ? rest.value > 9 : rest.value < 10)) return undefined;
  return { ...rest, value: century.value * 100 + rest.value };
}

function belowHundred(words: readonly string[], at: number): Reading | undefined {
  const word = words[at] ?? '';
  const one = ones.get(word);
  if (one) return { ...one, next: at + 1 };
  const ten = tens.get(word);
  const after = ones.get(words[at + 1] ?? '');
  // "20 second" joins as "twenty second" does, since a transcript may write either for the other.
  const value = ten?.value ?? (after?.ending === 'ordinal' && /^[2-9]0$/.test(word) ? Number(word) : undefined);
  if (value === undefined) return undefined;
  if (after && (ten?.ending ?? '') === '' && after.value > 0 && after.value < 10) {
    return { value: value + after.value, ending: after.ending, next: at + 2 };
  }
  return ten && { ...ten, next: at + 1 };
}

/** Adds the part below "hundred" or "thousand", with or without "and"; leaves it where it starts a number of its own. */
function withRest(words: readonly string[], high: Reading, name: Multiplier): Reading {
  if (high.ending !== '') return high;
  const read = name === 'hundred' ? belowHundred : belowTenThousand;
  const rest = read(words, words[high.next] === 'and' ? high.next + 1 : high.next);
  if (!rest || rest.value === 0 || rest.value > (name === 'hundred' ? 99 : 999) || rest.ending === 'plural')
    return high;
  if (rest.ending === '' && multiplier(words[rest.next], name) !== undefined) return high;
  return { ...rest, value: high.value + rest.value };
}

function multiplier(word: string | undefined, name: Multiplier): Ending | undefined {
  if (word === name) return '';
  if (word === `${name}th`) return 'ordinal';
  return word === `${name}s` ? 'plural' : undefined;
}

/** "a hundred" is "one hundred"; an article before anything else is just an article. */
function article(words: readonly string[], at: number): Reading | undefined {
  return words[at] === 'a' && /^(?:hundred|thousand)(?:th)?$/.test(words[at + 1] ?? '')
    ? { value: 1, ending: '', next: at + 1 }
    : undefined;
}

/** Digits count as the start of a number only before a multiplier: "5 hundred". */
function digits(words: readonly string[], at: number): Reading | undefined {
  return /^[1-9]\d{0,2}$/.test(words[at] ?? '') && /^(?:hundred|thousand)(?:th)?$/.test(words[at + 1] ?? '')
    ? { value: Number(words[at]), ending: '', next: at + 1 }
    : undefined;
}

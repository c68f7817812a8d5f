/** Time zones people write into feeds that `Date.parse` does not know, as offsets. */
const ZONES: Readonly<Record<string, string>> = {
  UT: '+0000',
  UTC: '+0000',
  WET: '+0000',
  BST: '+0100',
  CET: '+0100',
  WEST: '+0100',
  MEZ: '+0100',
  CEST: '+0200',
  MESZ: '+0200',
  EET: '+0200',
  EEST: '+0300',
  MSK: '+0300',
  IST: '+0530',
  JST: '+0900',
  KST: '+0900',
  AEST: '+1000',
  AEDT: '+1100',
  AKST: '-0900',
  HST: '-1000',
};

/** Names of months in other languages that feeds use in RFC 822 dates, by their first letters. */
const MONTHS: Readonly<Record<string, string>> = {
  mär: 'Mar',
  mrz: 'Mar',
  mai: 'May',
  okt: 'Oct',
  dez: 'Dec',
  ene: 'Jan',
  abr: 'Apr',
  ago: 'Aug',
  dic: 'Dec',
  fév: 'Feb',
  avr: 'Apr',
  aoû: 'Aug',
  déc: 'Dec',
  set: 'Sep',
  out: 'Oct',
};

/** Nobody published a podcast before; a date far ahead is a mistake. */
const EARLIEST = Date.UTC(1990, 0);
const LATEST = Date.UTC(2100, 0);

/**
 * A date as feeds write it: RFC 822 with all its variations, ISO 8601 with a blank, seconds or milliseconds since 1970.
 * @returns ISO 8601 in UTC; undefined where it cannot be told what is meant (`03/04/2026`).
 */
export function readDate(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim().replace(/\s+/g, ' ').slice(0, 80);
  if (/^\d{10}(\d{3})?$/.test(trimmed)) return isoOf(Number(trimmed.padEnd(13, '0')));
  if (/^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}/.test(trimmed)) return undefined;
  if (/^\d{4}-\d\d-\d\d/.test(trimmed)) return isoOf(Date.parse(isoText(trimmed)));
  const plain = trimmed
    .replace(/^[^\d,]*,?\s*/, (weekday) => (/\d/.test(weekday) ? weekday : ''))
    .replace(/(\d{1,2}) (\p{L}{3})\p{L}*\.?/u, (_all, day: string, month: string) => `${day} ${english(month)}`)
    .replace(/\b([A-Z]{2,4})$/, (zone) => ZONES[zone] ?? zone);
  const dayless = /\d{1,2}:\d\d/.test(plain) && !/(?:[+-]\d{4}|[+-]\d\d:\d\d|[A-Z]{1,4})$/.test(plain);
  return isoOf(Date.parse(dayless ? `${plain} +0000` : plain)) ?? isoOf(Date.parse(trimmed));
}

/** A blank for the T, and UTC where no zone is written. */
function isoText(text: string): string {
  const iso = text.replace(' ', 'T').replace(/ ?([+-]\d\d):?(\d\d)$/, '$1:$2');
  return /T.*(Z|[+-]\d\d:\d\d)$/i.test(iso) || !iso.includes('T') ? iso : `${iso}Z`;
}

const english = (month: string): string => MONTHS[month.toLowerCase()] ?? month;

function isoOf(time: number): string | undefined {
  return time >= EARLIEST && time < LATEST ? new Date(time).toISOString() : undefined;
}

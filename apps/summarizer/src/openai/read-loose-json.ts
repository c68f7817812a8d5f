/** Deepest nesting that is read: a model that opens brackets for ever must not exhaust the stack. */
const DEEPEST = 50;

/**
 * Reads JSON as models without structured output write it: in a code fence or between sentences, with trailing commas,
 * line breaks inside strings, single or typographic quotes around them, or cut off at the end, where what is open is closed.
 * @returns undefined where there is no object in it.
 */
export function readLooseJson(text: string): Record<string, unknown> | undefined {
  const start = text.indexOf('{');
  if (start === -1) return undefined;
  const value = new LooseReader(text, start).value(0);
  return isObject(value) ? value : undefined;
}

const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '„': '“', '«': '»' };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const BARE_WORD = /[^,:{}[\]\n"]*/y;

class LooseReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  value(depth: number): unknown {
    this.#skip();
    const next = this.#text[this.#at] ?? '';
    if (depth < DEEPEST && next === '{') return this.#object(depth);
    if (depth < DEEPEST && next === '[') return this.#array(depth);
    if (next in QUOTES) return this.#string();
    // A value that is missing; the bracket belongs to whatever is around.
    return (next === '}' || next === ']') && depth < DEEPEST ? null : this.#bare();
  }

  #object(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at++;
    while (this.#until('}')) {
      const key = String(this.value(DEEPEST));
      this.#skip();
      if (this.#text[this.#at] !== ':') continue;
      this.#at++;
      entries.push([key, this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    this.#at++;
    while (this.#until(']')) array.push(this.value(depth + 1));
    return array;
  }

  /** Moves on to the next element. @returns false after the end of the object or array, or of the text. */
  #until(close: string): boolean {
    const before = this.#at;
    this.#skip(',');
    const next = this.#text[this.#at];
    if (next === undefined) return false;
    if (next === close) {
      this.#at++;
      return false;
    }
    // The other kind of bracket ends it, too; it belongs to whatever is around.
    if (next === '}' || next === ']') return false;
    if (this.#at === before && next === ':') this.#at++;
    return true;
  }

  #string(): string {
    const close = QUOTES[this.#text[this.#at++]!]!;
    let result = '';
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++]!;
      if (character === close && this.#endsHere()) return result;
      result += character === '\\' ? this.#escape() : character;
    }
    return result;
  }

  /** A quote that nothing structural follows is one inside the string that should have been escaped. */
  #endsHere(): boolean {
    return /^\s*(?:[,:}\]]|$)/.test(this.#text.slice(this.#at, this.#at + 40));
  }

  #escape(): string {
    const character = this.#text[this.#at++] ?? '';
    if (character !== 'u') return ESCAPES[character] ?? character;
    const code = /^[\da-fA-F]{4}/.exec(this.#text.slice(this.#at, this.#at + 4))?.[0];
    if (code === undefined) return '';
    this.#at += 4;
    return String.fromCharCode(parseInt(code, 16));
  }

  /** A number, true, false, null, or a word that should have been in quotes. */
  #bare(): unknown {
    BARE_WORD.lastIndex = this.#at;
    const word = BARE_WORD.exec(this.#text)?.[0] ?? '';
    // Whatever cannot be read is stepped over, so that reading always comes to an end.
    this.#at += Math.max(1, word.length);
    const plain = word.trim();
    if (plain === 'true') return true;
    if (plain === 'false') return false;
    if (plain === 'null' || plain === '') return null;
    return Number.isFinite(Number(plain)) ? Number(plain) : plain;
  }

  #skip(also = ''): void {
    while (this.#at < this.#text.length && (/\s/.test(this.#text[this.#at]!) || this.#text[this.#at] === also))
      this.#at++;
  }
}

import fc from 'fast-check';
import { anyText } from '../support/any-text.ts';

type Path = readonly (string | number)[];
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Stands for arrays nested deeper than any recursion goes; put in as text, since it can't be serialised either. */
const DEEP = '@@DEEP@@';
const DEEP_TEXT = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const LONG_CHARACTERS = 100_000;

/** What careless and hostile publishers send where something else is expected. */
const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, '', 0, -1, 0.5, 1e308, -1e308, 2 ** 53, true, [], {}, DEEP),
  fc.constantFrom<Json>(
    '../../etc/passwd',
    '\u001b[2J\u001b]0;owned\u0007',
    '\u0000',
    '\ud800',
    'podline.>',
    '*',
    'constructor',
    '__proto__',
    'http://user:secretpass@127.0.0.1:1/a.mp3',
    'file:///etc/passwd',
    '\u202etxt.3pm',
    'auto',
    'whisper',
    'openai',
    'high',
  ),
  fc.constant<Json>('x'.repeat(LONG_CHARACTERS)),
  anyText(40),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

interface Edit {
  path: Path;
  kind: 'replace' | 'remove' | 'add' | 'repeat' | 'scale';
  value: Json;
  factor: number;
}

/** Bytes of this message with one to three of its fields changed, or with its text damaged. */
export function mutatedJson(base: unknown): fc.Arbitrary<Buffer> {
  const paths = pathsOf(base as Json);
  const edit = fc.record<Edit>({
    path: fc.constantFrom(...paths),
    kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'repeat', 'scale'),
    value: oddValue,
    factor: fc.constantFrom(-1, 0, 0.5, 2, 1000, 1e9),
  });
  const edited = fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) => Buffer.from(serialise(edits.reduce(apply, structuredClone(base) as Json))));
  return fc.oneof({ weight: 5, arbitrary: edited }, { weight: 1, arbitrary: damagedText(serialise(base as Json)) });
}

function serialise(value: Json): string {
  return (JSON.stringify(value) ?? '').replaceAll(JSON.stringify(DEEP), DEEP_TEXT);
}

function pathsOf(value: Json, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function apply(root: Json, { path, kind, value, factor }: Edit): Json {
  const key = path.at(-1);
  if (key === undefined) return kind === 'replace' ? value : root;
  const parent = path.slice(0, -1).reduce<Json | undefined>((inner, step) => child(inner, step), root);
  if (parent === null || typeof parent !== 'object') return root;
  const holder = parent as Record<string | number, Json>;
  const old = child(parent, key);
  if (kind === 'replace') holder[key] = value;
  else if (kind === 'remove') delete holder[key];
  else if (kind === 'scale' && typeof old === 'number') holder[key] = old * factor;
  else if (kind === 'repeat' && Array.isArray(old)) holder[key] = Array.from({ length: 500 }, () => old).flat();
  else if (kind === 'add') holder[`x${String(key)}`] = value;
  return root;
}

function child(value: Json | undefined, key: string | number): Json | undefined {
  return value !== null && typeof value === 'object'
    ? (value as Record<string | number, Json | undefined>)[key]
    : undefined;
}

function damagedText(text: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(text);
  const at = fc.nat({ max: Math.max(0, bytes.length - 1) });
  return fc.oneof(
    fc.constantFrom('', 'null', '[]', '{}', '"x"', '\ufeff{}', '<rss/>', '\u0000').map((short) => Buffer.from(short)),
    at.map((end) => bytes.subarray(0, end)),
    fc.tuple(at, fc.nat({ max: 255 })).map(([place, byte]) => {
      const copy = Buffer.from(bytes);
      copy[place] = byte;
      return copy;
    }),
    fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((noise) => Buffer.from(noise)),
    // Almost all that NATS takes in one message.
    fc.constant(Buffer.alloc(1_000_000, 'y')),
  );
}

import type { DeadLetterBox, LetterFilter, StoredLetter } from '#shared/jetstream/dead-letter-box';
import { QUEUES } from '#shared/contracts/names';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';

export interface DeadOptions {
  queue?: string;
  reason?: string;
  episode?: string;
  all?: boolean;
  json?: boolean;
}

/** `podline dead list`: the letters that match, oldest first. */
export async function deadList(options: DeadOptions): Promise<number> {
  return withSession(async ({ deadLetters }) => {
    const letters = await collect(deadLetters, filterOf(options));
    console.log(options.json ? JSON.stringify(letters, undefined, 2) : table(letters));
    return EXIT.done;
  });
}

/** `podline dead show <number>`: one letter, with the message as it was. */
export async function deadShow(sequence: string): Promise<number> {
  return withSession(async ({ deadLetters }) => {
    const stored = await one(deadLetters, sequence);
    const message = Buffer.from(stored.letter.original.data, 'base64').toString('utf8');
    console.log(
      JSON.stringify(
        {
          number: stored.sequence,
          ...stored.letter,
          message: plainText(stored.letter.message, 2000),
          originalText: message,
        },
        undefined,
        2,
      ),
    );
    return EXIT.done;
  });
}

/** `podline dead replay`: tries the jobs again. */
export const deadReplay = (sequence: string | undefined, options: DeadOptions): Promise<number> =>
  forEach(sequence, options, 'replayed', (box, stored) => box.replay(stored));

/** `podline dead drop`: gives the letters up for good. */
export const deadDrop = (sequence: string | undefined, options: DeadOptions): Promise<number> =>
  forEach(sequence, options, 'dropped', (box, stored) => box.drop(stored.sequence));

async function forEach(
  sequence: string | undefined,
  options: DeadOptions,
  done: string,
  act: (box: DeadLetterBox, stored: StoredLetter) => Promise<void>,
): Promise<number> {
  const filter = filterOf(options);
  const named = Object.values(filter).some((value) => value !== undefined) || options.all;
  if ((sequence === undefined) === !named)
    throw new UsageError('Name one letter by its number, or several by --queue, --reason, --episode or --all.');
  return withSession(async ({ deadLetters }) => {
    const letters = sequence === undefined ? await collect(deadLetters, filter) : [await one(deadLetters, sequence)];
    for (const stored of letters) await act(deadLetters, stored);
    console.log(
      options.json ? JSON.stringify({ [done]: letters.map((stored) => stored.sequence) }) : `${letters.length} ${done}`,
    );
    return EXIT.done;
  });
}

function filterOf(options: DeadOptions): LetterFilter {
  const queue = QUEUES.find((name) => name === options.queue);
  if (options.queue !== undefined && queue === undefined)
    throw new UsageError(`--queue: expected ${QUEUES.join(', ')}; got "${options.queue}".`);
  return { queue, reason: options.reason, episodeId: options.episode };
}

async function one(box: DeadLetterBox, sequence: string): Promise<StoredLetter> {
  const stored = /^[1-9]\d{0,14}$/.test(sequence) ? await box.get(Number(sequence)) : undefined;
  if (!stored) throw new UsageError(`There is no dead letter ${plainText(sequence, 30)}; see "podline dead list".`);
  return stored;
}

async function collect(box: DeadLetterBox, filter: LetterFilter): Promise<StoredLetter[]> {
  const letters: StoredLetter[] = [];
  for await (const stored of box.list(filter)) letters.push(stored);
  return letters;
}

function table(letters: readonly StoredLetter[]): string {
  if (letters.length === 0) return 'No dead letters.';
  const rows = letters.map(({ sequence, letter }) =>
    [
      String(sequence).padStart(6),
      letter.queue.padEnd(18),
      letter.jobKey.padEnd(26),
      letter.reason.padEnd(20),
      String(letter.deliveries).padStart(10),
      ` ${plainText(letter.message, 100)}`,
    ].join(' '),
  );
  return [
    `NUMBER ${'QUEUE'.padEnd(18)} ${'JOB'.padEnd(26)} ${'REASON'.padEnd(20)} DELIVERIES  LAST ERROR`,
    ...rows,
  ].join('\n');
}

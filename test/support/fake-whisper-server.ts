import { appendFileSync, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { FAKE_LANGUAGE, fakeAnswer, flacOf, hearFlac } from './fake-hearing.ts';

/**
 * Stands in for whisper-server where thousands of chunks are needed and no words: the same command line and HTTP API, and
 * an answer that follows from the audio, after a time that follows from its length. Run as a process of its own.
 *
 * FAKE_WHISPER_SPEED: seconds of audio it hears in a second (default 20).
 * FAKE_WHISPER_JITTER: share by which that time varies, at random (default 0).
 * FAKE_WHISPER_LOG: file that gets one line of JSON at the start and at the end of each call.
 * FAKE_WHISPER_SPEW: bytes it writes to its standard output and error, each, during every call.
 * FAKE_WHISPER_SICK: while this file exists, every call is refused.
 */
const SPEED = Number(process.env['FAKE_WHISPER_SPEED'] ?? 20);
const JITTER = Number(process.env['FAKE_WHISPER_JITTER'] ?? 0);
const LOG = process.env['FAKE_WHISPER_LOG'];
const SICK = process.env['FAKE_WHISPER_SICK'];
const SPEW = Number(process.env['FAKE_WHISPER_SPEW'] ?? 0);

function note(event: 'start' | 'end', chunk: string): void {
  if (LOG === undefined) return;
  const line = { event, chunk, at: Date.now(), service: process.ppid, engine: process.pid };
  appendFileSync(LOG, `${JSON.stringify(line)}\n`);
}

function option(name: string): string {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? undefined : process.argv[at + 1];
  if (value === undefined) throw new Error(`--${name} <value> is missing.`);
  return value;
}

async function transcribe(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  if (body.includes('name="detect_language"')) return answer(response, 200, FAKE_LANGUAGE);
  const flac = flacOf(body, request.headers['content-type'] ?? '');
  if (flac === undefined) return answer(response, 400, { error: 'no FLAC in the request' });
  const heard = hearFlac(flac);
  note('start', heard.sha256);
  if (SICK !== undefined && existsSync(SICK)) return answer(response, 400, { error: { message: 'sick' } });
  await Promise.all([spew(process.stdout), spew(process.stderr)]);
  await delay(((1000 * heard.seconds) / SPEED) * (1 + JITTER * (2 * Math.random() - 1)));
  note('end', heard.sha256);
  answer(response, 200, fakeAnswer(heard.sha256, heard.seconds));
}

/** Says nonsense without a line's end, as fast as somebody listens. */
async function spew(to: NodeJS.WriteStream): Promise<void> {
  const piece = Buffer.alloc(64 * 1024, '\u001b[31m progress = 7% ');
  for (let left = SPEW; left > 0; left -= piece.length)
    if (!to.write(piece)) await new Promise((resolve) => to.once('drain', resolve));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** As the real one: one request at a time, the others wait. */
let turn: Promise<unknown> = Promise.resolve();

const inferencePath = option('inference-path');
createServer((request, response) => {
  if (request.url === '/health') answer(response, 200, { status: 'ok' });
  else if (request.url === inferencePath) {
    turn = turn.then(() => transcribe(request, response)).catch(() => response.destroy());
  } else answer(response, 404, { error: 'not found' });
}).listen(Number(option('port')), option('host'));

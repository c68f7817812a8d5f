import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncomingHttpHeaders } from 'node:http';
import { accepted, downloaded, summarized } from '#shared/contracts/episode-transitions';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import type { EventType } from '#shared/contracts/events';
import { until } from '../support/until.ts';
import { type LocalServer, serve } from '../support/local-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(60_000);

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const RETIRED = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const NOW = new Date().toISOString();

interface Told {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let receiver: LocalServer;
let stack: ServiceStack;
let told: Told[] = [];
/** Status of the next answers, by path; then 204. */
const answers = new Map<string, number[]>();

beforeAll(async () => {
  receiver = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      told.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const status = answers.get(path)?.shift() ?? 204;
      response.writeHead(
        status,
        status === 503 ? { 'retry-after': '0' } : { location: `${receiver.origin}/elsewhere` },
      );
      response.end();
    });
  });
  const env = {
    WEBHOOK_ALLOW_HOSTS: receiver.host,
    WEBHOOK_URL: `http://operator:opensesame@${receiver.host}/operator`,
    WEBHOOK_SECRET: `${SECRET},${RETIRED}`,
    LOG_LEVEL: 'trace',
  };
  // Two of them, to show that a second one tells nobody twice.
  stack = await startServiceStack(env, ['caretaker', 'caretaker']);
});

beforeEach(() => {
  told = [];
});

afterAll(async () => {
  await stack?.stop();
  await receiver?.[Symbol.asyncDispose]();
});

async function episode(id: string, path: string): Promise<void> {
  const url = path.includes('://') ? path : `${receiver.origin}${path}`;
  const request = episodeRequestSchema.parse({
    url: 'https://a.example/a.mp3',
    webhook: url,
    metadata: { ticket: '7' },
  });
  await stack.client.episodes.update(id, () =>
    downloaded(
      accepted(undefined, { request, episodeId: id, lane: 'normal', now: NOW }),
      { cut: '0123456789ab', seconds: 60, silent: [false] },
      NOW,
    ),
  );
}

const happens = (episodeId: string, type: EventType): Promise<void> =>
  stack.client.publisher.event({ v: 1, episodeId, type, at: NOW, ...(type === 'chunk-done' ? { chunk: 0 } : {}) });

const to = (path: string): Told[] => told.filter((one) => one.path === path);

async function letterOf(episodeId: string) {
  let found: string | undefined;
  await until(async () => {
    for await (const { letter } of stack.client.deadLetters.list({ queue: 'webhook', episodeId }))
      found = letter.reason;
    return found !== undefined;
  });
  return found;
}

/** As docs/webhooks.md tells receivers to do it. */
function isGenuine({ headers, body }: Told, secret: string): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = Buffer.from(createHmac('sha256', key).update(signed).digest('base64'));
  return String(headers['webhook-signature'])
    .split(' ')
    .map((one) => Buffer.from(one.slice('v1,'.length)))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

describe('a webhook', () => {
  test('tells the episode’s receiver and the operator’s, signed, once each', async () => {
    await episode('w-done', '/done');
    for (const type of ['accepted', 'chunk-done', 'summarized'] as const) await happens('w-done', type);
    await until(() => to('/done').length > 0 && to('/operator').length > 0);
    const [one] = to('/done');
    if (!one) throw new Error('nobody was told');
    expect(JSON.parse(one.body)).toEqual({
      v: 1,
      type: 'summarized',
      timestamp: NOW,
      data: { episodeId: 'w-done', url: 'https://a.example/a.mp3', metadata: { ticket: '7' } },
    });
    expect(isGenuine(one, SECRET) && isGenuine(one, RETIRED)).toBe(true);
    expect(isGenuine({ ...one, body: `${one.body} ` }, SECRET)).toBe(false);
    expect(Math.abs(Number(one.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(30);
    // What comes after it shows that nothing else came.
    await episode('w-after', '/after');
    await happens('w-after', 'summarized');
    await until(() => to('/after').length > 0 && to('/operator').length > 1);
    expect(told.map(({ path }) => path).toSorted()).toEqual(['/after', '/done', '/operator', '/operator']);
    expect(new Set(told.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
  });

  test('sends the operator’s user name and password, and tells nobody else', async () => {
    await episode('w-secret', '/secret');
    await happens('w-secret', 'failed');
    await until(() => to('/operator').length > 0);
    const basic = `Basic ${Buffer.from('operator:opensesame').toString('base64')}`;
    expect(to('/operator')[0]?.headers.authorization).toBe(basic);
    const log = await readFile(join(stack.logs, 'caretaker.log'), 'utf8');
    expect(log).toContain('Webhook delivered');
    expect(log).not.toContain('opensesame');
    expect(log).not.toContain(SECRET);
  });

  test('is sent again under its id while the receiver is in trouble', async () => {
    await episode('w-retry', '/retry');
    answers.set('/retry', [503, 429, 500]);
    await happens('w-retry', 'summarized');
    await until(() => to('/retry').length === 4);
    expect(new Set(to('/retry').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(to('/retry').map(({ body }) => body)).size).toBe(1);
  });

  test.each([
    ['is refused', '/gone', [410], 'webhook-refused'],
    ['is redirected', '/moved', [302], 'webhook-redirected'],
    ['leads into the cluster', 'http://127.0.0.1:1/', [], 'forbidden-address'],
    ['names a host that is not there', 'http://nobody.invalid/', [], 'host-not-found'],
  ])('that %s becomes a dead letter, and its episode stays as it is', async (name, path, statuses, reason) => {
    const id = `w-${name.replaceAll(' ', '-')}`;
    await episode(id, path);
    await stack.client.episodes.update(id, (state) => state && summarized(state, NOW));
    answers.set(path, [...statuses]);
    await happens(id, 'summarized');
    expect(await letterOf(id)).toBe(reason);
    expect(await stack.client.episodes.get(id)).toMatchObject({ status: 'done', errors: [] });
  });

  test('that is dead can be sent again', async () => {
    await episode('w-replay', '/replay');
    answers.set('/replay', [400]);
    await happens('w-replay', 'failed');
    expect(await letterOf('w-replay')).toBe('webhook-refused');
    for await (const letter of stack.client.deadLetters.list({ episodeId: 'w-replay' })) {
      await stack.client.deadLetters.replay(letter);
    }
    await until(() => to('/replay').length === 2);
    const [one, two] = to('/replay');
    expect(two?.headers['webhook-id']).toBe(one?.headers['webhook-id']);
  });
});

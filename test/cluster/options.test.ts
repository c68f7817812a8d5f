import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Client } from '#shared/client/open-client';
import { summaryKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import { hasS3Server, NO_S3_SERVER, type S3Server, startS3Server } from '../support/s3-server.ts';

import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { baseValues, over, TEST_HOST } from './base-values.ts';
import { openOperator } from './cluster-client.ts';
import { eventually } from './eventually.ts';
import { podsOf } from './pods.ts';
import { installRelease, type Release, type Values } from './release.ts';
import { apply } from './run-tool.ts';

jest.setTimeout(900_000);

const FIXTURES = join(import.meta.dirname, '../fixtures');
const NAMESPACE = 'podline-options';
const EPISODE_MS = 300_000;
const EVERYWHERE = { address: '0.0.0.0', name: TEST_HOST };
const check = hasS3Server ? test : test.skip;

let folder: string;
let media: MediaServer;
let api: OpenaiServer;
let s3: S3Server;
let release: Release;
let client: Client;

beforeAll(async () => {
  if (!hasS3Server) return;
  folder = await mkdtemp(join(tmpdir(), 'podline-options-'));
  media = await startMediaServer({ '/speech.mp3': file(join(FIXTURES, 'speech-40s.mp3')) }, EVERYWHERE);
  api = await startOpenaiServer({ address: EVERYWHERE.address });
  s3 = await startS3Server(EVERYWHERE.address);

  await makeCertificate();
  release = await installRelease(NAMESPACE, over(baseValues(media.host), optional()), makeSecrets);
  const { credentials, ...place } = s3.settings;
  client = await openOperator(release, {
    NATS_TLS_CA_FILE: join(folder, 'tls.crt'),
    STORAGE: 's3',
    S3_ENDPOINT: place.endpoint,
    S3_REGION: place.region,
    S3_BUCKET: place.bucket,
    S3_FORCE_PATH_STYLE: place.forcePathStyle,
    S3_ACCESS_KEY_ID: credentials?.accessKeyId,
    S3_SECRET_ACCESS_KEY: credentials?.secretAccessKey,
  });
});

afterAll(async () => {
  await client?.close();
  await release?.remove();
  await s3?.stop();
  await api?.close();
  await media?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** As pods reach what listens on this machine. */
const fromPods = (url: string): string => url.replace('127.0.0.1', TEST_HOST);

/** Everything of the chart that is off by default and can be shown here. */
function optional(): Values {
  const { endpoint = '', region, bucket } = s3.settings;
  const resources = { requests: { cpu: '100m' } };
  return {
    nats: { embedded: { tls: { enabled: true, secretName: 'nats-tls' } } },
    transcriberOpenai: { enabled: true, resources },
    openai: { existingSecret: 'openai', baseUrl: fromPods(api.baseUrl) },
    storage: {
      type: 's3',
      s3: { endpoint: fromPods(endpoint), region, bucket, forcePathStyle: true, existingSecret: 's3' },
    },
  };
}

/** For the name the services call the server by, and signed by itself. */
async function makeCertificate(): Promise<void> {
  const names = [
    'podline-nats',
    `podline-nats.${NAMESPACE}.svc`,
    `podline-nats.${NAMESPACE}.svc.cluster.local`,
    `*.podline-nats.${NAMESPACE}.svc.cluster.local`,
  ];
  const alternatives = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`;
  const files = ['-keyout', join(folder, 'tls.key'), '-out', join(folder, 'tls.crt')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=podline-nats'];
  await execa('openssl', [...request, '-addext', alternatives, ...files]);
}

async function makeSecrets(namespace: string): Promise<void> {
  const certificate = await readFile(join(folder, 'tls.crt'), 'utf8');
  const { accessKeyId = '', secretAccessKey = '' } = s3.settings.credentials ?? {};
  const secrets: Record<string, Record<string, string>> = {
    'nats-tls': {
      'tls.crt': certificate,
      'tls.key': await readFile(join(folder, 'tls.key'), 'utf8'),
      'ca.crt': certificate,
    },
    openai: { 'api-key': TEST_API_KEY },
    s3: { 'access-key-id': accessKeyId, 'secret-access-key': secretAccessKey },
  };
  await apply(
    ...Object.entries(secrets).map(([name, stringData]) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace },
      stringData,
    })),
  );
}

check(`with TLS, an API and S3 storage, every pod comes up${hasS3Server ? '' : ` (${NO_S3_SERVER})`}`, async () => {
  const pods = await podsOf(release);
  expect(new Set(pods.map(({ component }) => component))).toEqual(
    new Set(['nats', 'downloader', 'transcriber-whisper', 'transcriber-openai', 'summarizer', 'caretaker']),
  );
  expect(pods.filter(({ ready }) => !ready)).toEqual([]);
});

check('an episode goes to the API, and its results into the bucket', async () => {
  await publishEpisode(client, { url: media.url('/speech.mp3'), id: 'by-api', options: { provider: 'openai' } });
  const state = await eventually('The end of the episode', EPISODE_MS, async () => {
    const found = await client.episodes.get('by-api');
    return found?.status === 'done' || found?.status === 'failed' ? found : undefined;
  });
  expect(state).toMatchObject({ status: 'done', errors: [] });
  expect(api.stats().statuses).toMatchObject({ '200': expect.any(Number) });
  const keys = [transcriptKey('by-api', 'json'), summaryKey('by-api', 'md')];
  for (const key of keys) expect((await client.results.head(key))?.size).toBeGreaterThan(0);
});

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { METRICS } from '#shared/observability/catalogue/metrics';
import { COMPONENTS, type MetricSpec } from '#shared/observability/catalogue/metric-spec';
import { layoutSchema } from '#shared/rate-limit/window-layout';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import type { ServiceProcess } from '../../apps/cli/src/stack/service-process.ts';
import { ruleFile } from '../../deploy/observability/generated-files.ts';
import { DEFAULT_RULE_SETTINGS } from '../../deploy/observability/rules/rule-settings.ts';
import { ruleGroups } from '../../deploy/observability/rules/rules.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import { PANEL_QUERIES } from '../support/panel-queries.ts';
import { hasPrometheus, type Prometheus, startPrometheus } from '../support/prometheus.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';
import { uniqueTranscript } from '../support/unique-words.ts';

jest.setTimeout(300_000);

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
/** Half an hour becomes 10 s. */
const RULES = ruleGroups({ ...DEFAULT_RULE_SETTINGS, pace: 180, oldestJobSeconds: 8 });

const suite = (await hasPrometheus()) ? describe : describe.skip;

let media: MediaServer;
let api: OpenaiServer;
let stack: ServiceStack;
let prometheus: Prometheus;
const services = new Map<string, ServiceProcess>();

async function eventually<T>(read: () => Promise<T>, isRight: (value: T) => boolean, ms = 90_000): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await read();
    if (isRight(value) || performance.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** What fires once everything that should has begun to, and has been quiet otherwise. */
const firingWith = (...names: string[]): Promise<string[]> =>
  eventually(prometheus.firing, (now) => names.every((name) => now.includes(name)));

const publish = (id: string, path: string, options = {}): Promise<unknown> =>
  publishEpisode(stack.client, { id, url: media.url(path), options });

suite('a real Prometheus', () => {
  beforeAll(async () => {
    media = await startMediaServer({
      '/speech.mp3': file(join(FIXTURES, 'speech-40s.mp3')),
      '/short.flac': file(join(FIXTURES, 'speech-12s.flac'), 'audio/flac'),
    });
    api = await startOpenaiServer({ transcribe: uniqueTranscript });
    stack = await startServiceStack(
      {
        DOWNLOAD_ALLOW_HOSTS: media.host,
        MIN_CHUNK_SECONDS: '10',
        ALLOWED_PROVIDERS: 'whisper,openai',
        ALLOWED_SUMMARY_PROVIDERS: 'extractive,openai',
        OPENAI_BASE_URL: api.baseUrl,
        OPENAI_API_KEY: TEST_API_KEY,
        WHISPER_WORKERS: '1',
      },
      [],
    );
    await Promise.all(COMPONENTS.map(async (name) => services.set(name, await stack.start(name))));
    // A new endpoint is closed for one window, a minute: shorter ones make the test so.
    for (const endpoint of ['openai.transcription', 'openai.summaries'])
      await stack.client.limits.set(endpoint, {
        layout: { ...layoutSchema.parse({}), windowMs: 2000, guardMs: 500, slots: 10 },
      });
    const targets = Object.fromEntries([...services].map(([name, { url }]) => [name, url]));
    prometheus = await startPrometheus({ targets, rules: ruleFile(RULES) });
    // The sample run: an episode for each transcriber, one of them summarized by the API.
    await publish('whisper', '/speech.mp3', { chunkSeconds: 15 });
    await publish('api', '/short.flac', { provider: 'openai', summary: { provider: 'openai' } });
    await Promise.all(['whisper', 'api'].map((id) => stack.finished(id)));
  });

  afterAll(async () => {
    await prometheus?.stop();
    await stack?.stop();
    await api?.close();
    await media?.close();
  });

  test('finds every metric of the catalogue, at everybody who should have it', async () => {
    const missing = async (): Promise<string[]> => {
      const wanted = Object.entries(METRICS).flatMap(([name, { from, type }]: [string, MetricSpec]) =>
        from.map((component) => `${name}${type === 'histogram' ? '_count' : ''}{component="${component}"}`),
      );
      const found = await Promise.all(wanted.map(async (series) => (await prometheus.query(series)).length > 0));
      return wanted.filter((_, index) => !found[index]);
    };
    expect(await eventually(missing, (names) => names.length === 0)).toEqual([]);
  });

  test('finds no metric that is not in the catalogue', async () => {
    const series = await prometheus.query('count by (__name__) ({__name__=~"podline_.+"})');
    const names = series.map(({ labels }) => labels['__name__']?.replace(/_(bucket|count|sum)$/, '') ?? '');
    expect(names.filter((name) => !Object.hasOwn(METRICS, name))).toEqual([]);
  });

  test('has an answer to every query of every panel', async () => {
    const counts = async (): Promise<number[]> =>
      Promise.all(PANEL_QUERIES.map(async ({ expr }) => (await prometheus.query(expr)).length));
    const found = await eventually(counts, (all) => all.every((count) => count > 0));
    const rows = PANEL_QUERIES.map(({ panel }, index) => `${String(found[index]).padStart(4)}  ${panel}`);
    process.stdout.write(`\nseries  panel\n${rows.join('\n')}\n`);
    expect(PANEL_QUERIES.filter((_, index) => found[index] === 0)).toEqual([]);
  });

  test('raises no alert while all is well', async () => {
    expect(await eventually(prometheus.firing, (now) => now.length === 0)).toEqual([]);
  });

  describe('raises the alert that is meant, and no other', () => {
    test('for an episode whose audio can’t be had', async () => {
      await publish('gone', '/nothing.mp3');
      expect(await firingWith('PodlineDeadLetters')).toEqual(['PodlineDeadLetters']);
      for await (const letter of stack.client.deadLetters.list()) await stack.client.deadLetters.drop(letter.sequence);
      expect(await eventually(prometheus.firing, (now) => now.length === 0)).toEqual([]);
    });

    test('for a stage that nobody works on', async () => {
      await services.get('transcriber-whisper')?.stop();
      await publish('waiting', '/short.flac');
      const expected = ['PodlineOldestJobTooOld', 'PodlineStageWithoutWorkers'];
      const now = await firingWith(...expected);
      expect(now).toEqual(expected);
    });

    test('for an account without quota, until it is resumed', async () => {
      api.script({ kind: 'insufficient-quota' });
      await publish('unpaid', '/short.flac', { provider: 'openai' });
      const now = await firingWith('PodlineQuotaExhausted');
      // Of the test before, jobs still wait.
      expect(now.filter((name) => !/StageWithoutWorkers|OldestJobTooOld/.test(name))).toEqual([
        'PodlineQuotaExhausted',
      ]);
      await stack.client.limits.resume('openai.transcription');
      const resumed = await eventually(prometheus.firing, (names) => !names.includes('PodlineQuotaExhausted'));
      expect(resumed).not.toContain('PodlineQuotaExhausted');
    });

    test('for a NATS that is away', async () => {
      await stack.nats.kill('SIGTERM');
      expect(await firingWith('PodlineNatsDown')).toContain('PodlineNatsDown');
      await stack.nats.restart();
      expect(await eventually(prometheus.firing, (now) => !now.includes('PodlineNatsDown'))).not.toContain(
        'PodlineNatsDown',
      );
    });
  });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { loadConfig } from '#shared/config/load';
import { caretakerConfigSchema } from '#shared/config/caretaker';
import { downloaderConfigSchema } from '#shared/config/downloader';
import { summarizerConfigSchema } from '#shared/config/summarizer';
import { openaiTranscriberConfigSchema, whisperConfigSchema } from '#shared/config/transcriber';
import { jobConsumer, jobPlaces } from '#shared/contracts/subjects';
import { permissionsOf } from '#shared/jetstream/permissions';
import { chartNatsConfig } from '../../../test/support/chart-nats.ts';
import { CHART, find, helmBinary, type Manifest, NO_HELM, render } from '../../../test/support/helm.ts';
import { newNatsServerBinary } from '../../../test/support/new-nats-server.ts';

const helm = (await helmBinary()) ?? '';
const describeWithHelm = helm === '' ? describe.skip : describe;
/** What the chart makes without any values. */
const plain = helm === '' ? [] : await render(helm);
const why = helm === '' ? ` (${NO_HELM})` : '';

const OPENAI = { transcriberOpenai: { enabled: true }, openai: { existingSecret: 'key' } };
const SCHEMAS = {
  downloader: downloaderConfigSchema,
  'transcriber-whisper': whisperConfigSchema,
  'transcriber-openai': openaiTranscriberConfigSchema,
  summarizer: summarizerConfigSchema,
  caretaker: caretakerConfigSchema,
};
const SERVICES = Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[];

interface EnvVariable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string } };
}

const podOf = (manifests: Manifest[], name: string) =>
  find(manifests, 'Deployment', `podline-${name}`)['spec'].template.spec;
const envOf = (manifests: Manifest[], name: string): Record<string, string> =>
  Object.fromEntries(
    (podOf(manifests, name).containers[0].env as EnvVariable[]).map((one) => [
      one.name,
      one.value ?? `from ${one.valueFrom?.secretKeyRef.name}/${one.valueFrom?.secretKeyRef.key}`,
    ]),
  );
const withPods = (manifests: Manifest[]): Manifest[] =>
  manifests.filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job', 'Pod'].includes(kind));
const podSpec = (manifest: Manifest) => manifest['spec'].template?.spec ?? manifest['spec'];

describeWithHelm(`the services${why}`, () => {
  test('get variables that each of them understands', async () => {
    const manifests = await render(helm, OPENAI);
    for (const name of SERVICES) {
      const env = envOf(manifests, name);
      const known = new Set([...Object.keys(SCHEMAS[name].shape)]);
      expect([name, Object.keys(env).filter((variable) => !known.has(variable))]).toEqual([name, []]);
      expect(() => loadConfig(SCHEMAS[name], env)).not.toThrow();
    }
  });

  test('log in to NATS each as itself, with a password out of a Secret', async () => {
    const env = envOf(plain, 'summarizer');
    expect(env).toMatchObject({
      NATS_URL: 'nats://podline-nats.test.svc:4222',
      NATS_USER: 'summarizer',
      NATS_PASSWORD: 'from podline-nats-auth/summarizer',
      NATS_INBOX_PREFIX: '_INBOX_summarizer',
    });
    const passwords = find(plain, 'Secret', 'podline-nats-auth')['data'];
    expect(Object.keys(passwords).toSorted()).toEqual([...Object.keys(permissionsOf()), 'cluster'].toSorted());
  });

  test('have the time for their drain, and for what comes after it', async () => {
    const manifests = await render(helm, { defaults: { shutdownGraceSeconds: 90 } });
    expect(podOf(manifests, 'downloader').terminationGracePeriodSeconds).toBe(105);
    expect(envOf(manifests, 'downloader')['SHUTDOWN_GRACE_SECONDS']).toBe('90');
  });

  test('take their settings over the defaults, and any other variable by its name', async () => {
    const manifests = await render(helm, {
      defaults: { logLevel: 'warn', nodeSelector: { pool: 'podcasts' }, config: { MAX_DELIVERIES: 9 } },
      downloader: { logLevel: 'debug', maxAckPending: 8, config: { DOWNLOAD_MAX_HOURS: 7.5 } },
    });
    expect(envOf(manifests, 'downloader')).toMatchObject({
      LOG_LEVEL: 'debug',
      MAX_DELIVERIES: '9',
      DOWNLOAD_MAX_ACK_PENDING: '8',
      DOWNLOAD_MAX_HOURS: '7.5',
    });
    expect(envOf(manifests, 'summarizer')['LOG_LEVEL']).toBe('warn');
    expect(podOf(manifests, 'summarizer').nodeSelector).toEqual({ pool: 'podcasts' });
  });

  test('offer only what runs: no job waits for a stage nobody has enabled', async () => {
    expect(envOf(plain, 'downloader')).toMatchObject({
      ALLOWED_PROVIDERS: 'whisper',
      ALLOWED_SUMMARY_PROVIDERS: 'extractive',
    });
    const both = await render(helm, { ...OPENAI, summarizer: { localUrl: 'http://llm.example/v1' } });
    expect(envOf(both, 'downloader')).toMatchObject({
      ALLOWED_PROVIDERS: 'whisper,openai',
      ALLOWED_SUMMARY_PROVIDERS: 'extractive,openai,local',
    });
  });
});

describeWithHelm(`what lies elsewhere${why}`, () => {
  let manifests: Manifest[];
  beforeAll(async () => {
    manifests = await render(helm, {
      storage: { type: 's3', s3: { bucket: 'shows', endpoint: 'http://minio.storage:9000', existingSecret: 'store' } },
      summarizer: { localUrl: 'http://llm.example/v1', localApiKey: { existingSecret: 'llm' } },
      monitoring: { prometheusRule: { enabled: true, runbookPrefix: 'https://git.example/podline/blob/main/' } },
    });
  });

  test('is an S3, with keys out of a Secret and the style of address podline chooses for it', () => {
    for (const name of ['downloader', 'caretaker']) {
      const env = envOf(manifests, name);
      expect(env).toMatchObject({
        STORAGE: 's3',
        S3_BUCKET: 'shows',
        S3_ENDPOINT: 'http://minio.storage:9000',
        S3_PREFIX: 'podline/',
        S3_ACCESS_KEY_ID: 'from store/access-key-id',
        S3_SECRET_ACCESS_KEY: 'from store/secret-access-key',
      });
      expect(env).not.toHaveProperty('S3_FORCE_PATH_STYLE');
      // What is too large for memory goes through the temporary folder: its digest must be known first.
      expect(podOf(manifests, name).volumes).toContainEqual({ name: 'tmp', emptyDir: {} });
    }
  });

  test('is a local model, with its key out of a Secret', () => {
    expect(envOf(manifests, 'summarizer')).toMatchObject({
      LOCAL_SUMMARY_BASE_URL: 'http://llm.example/v1',
      LOCAL_SUMMARY_API_KEY: 'from llm/api-key',
    });
  });

  test('are the runbooks: alerts name their address', () => {
    const rules = find(manifests, 'PrometheusRule', 'podline-rules')['spec'].groups.flatMap(
      (group: { rules: { annotations?: { runbook_url: string } }[] }) => group.rules,
    ) as { alert?: string; annotations?: { runbook_url: string } }[];
    const alerts = rules.filter(({ alert }) => alert !== undefined);
    expect(alerts.length).toBeGreaterThan(10);
    for (const { alert, annotations } of alerts) {
      expect(annotations?.runbook_url).toBe(`https://git.example/podline/blob/main/docs/runbooks/${alert}.md`);
    }
  });
});

describeWithHelm(`every pod${why}`, () => {
  test('fits the restricted Pod Security Standard and mounts no token', async () => {
    const manifests = await render(helm, {
      ...OPENAI,
      openai: { existingSecret: 'key', overwriteLimits: true },
      llama: { enabled: true, model: { existingClaim: 'models' } },
      transcriberWhisper: { models: ['base.en', 'tiny.en-q8_0'] },
    });
    const pods = withPods(manifests);
    expect(pods.length).toBeGreaterThanOrEqual(10);
    for (const manifest of pods) {
      const spec = podSpec(manifest);
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
        expect([manifest.metadata.name, container.securityContext]).toEqual([
          manifest.metadata.name,
          expect.objectContaining({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          }),
        ]);
        expect(container.resources.requests.memory).toMatch(/Mi|Gi/);
      }
    }
  });

  test('is denied everything that is not allowed by name', async () => {
    const policies = plain.filter(({ kind }) => kind === 'NetworkPolicy');
    const deny = find(policies, 'NetworkPolicy', 'podline-default-deny')['spec'];
    expect(deny).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    expect(deny.ingress ?? deny.egress).toBeUndefined();
    const ports = (name: string): unknown[] =>
      find(policies, 'NetworkPolicy', `podline-${name}`)['spec'].egress.flatMap(
        (rule: { ports: { port?: number }[] }) => rule.ports.map(({ port }) => port ?? 'any'),
      );
    expect(ports('transcriber-whisper')).toEqual([53, 53, 4222]);
    expect(ports('summarizer')).toEqual([53, 53, 4222]);
    expect(ports('downloader')).toEqual([53, 53, 4222, 'any']);
  });
});

describeWithHelm(`transcriber-whisper${why}`, () => {
  test('asks for the memory its model and workers need', async () => {
    const { resources } = podOf(
      await render(helm, { transcriberWhisper: { models: ['medium-q5_0'], workers: 2 } }),
      'transcriber-whisper',
    ).containers[0];
    expect(resources).toMatchObject({
      requests: { memory: '2466Mi', cpu: '1' },
      limits: { memory: '3082Mi', cpu: '2' },
    });
  });

  test('fetches the models that are not in its image, before it starts', async () => {
    const pod = podOf(
      await render(helm, { transcriberWhisper: { models: ['base.en', 'small'] } }),
      'transcriber-whisper',
    );
    expect(pod.initContainers[0]).toMatchObject({
      image: 'podline/cli:0.1.0',
      args: ['model', 'fetch', '--folder', '/models', 'base.en', 'small'],
    });
    expect(podOf(plain, 'transcriber-whisper').initContainers).toBeUndefined();
  });

  test('takes a model of one’s own from its claim, without fetching it', async () => {
    const pod = podOf(
      await render(helm, {
        transcriberWhisper: {
          models: ['mine'],
          modelCache: { type: 'claim', existingClaim: 'own' },
          resources: { requests: { memory: '1Gi' }, limits: { memory: '2Gi' } },
        },
      }),
      'transcriber-whisper',
    );
    expect(pod.initContainers).toBeUndefined();
    expect(pod.volumes).toContainEqual({ name: 'models', persistentVolumeClaim: { claimName: 'own' } });
    expect(pod.containers[0].env).toContainEqual({ name: 'WHISPER_MODELS_DIR', value: '/models' });
  });

  test('uses the CUDA image, one GPU and its taint', async () => {
    const gpu = { enabled: true, resourceName: 'nvidia.com/mig-1g.10gb' };
    const manifests = await render(helm, { transcriberWhisper: { gpu, workers: 1, runtimeClassName: 'nvidia' } });
    const pod = podOf(manifests, 'transcriber-whisper');
    expect(pod.containers[0].image).toBe('podline/transcriber-whisper:0.1.0-cuda');
    expect(pod.containers[0].resources.limits['nvidia.com/mig-1g.10gb']).toBe(1);
    expect(pod).toMatchObject({ runtimeClassName: 'nvidia', tolerations: [{ key: 'nvidia.com/mig-1g.10gb' }] });
    expect(find(manifests, 'Deployment', 'podline-transcriber-whisper')['spec'].strategy.rollingUpdate.maxSurge).toBe(
      0,
    );
  });
});

describeWithHelm(`autoscaling${why}`, () => {
  test('by KEDA asks for each turn of each lane of the stage, and leaves the replicas to it', async () => {
    const manifests = await render(helm, {
      transcriberWhisper: { autoscaling: { mode: 'keda', minReplicas: 0, maxReplicas: 8 } },
    });
    const spec = find(manifests, 'ScaledObject', 'podline-transcriber-whisper')['spec'];
    expect(spec).toMatchObject({ minReplicaCount: 0, maxReplicaCount: 8, cooldownPeriod: 300 });
    expect(spec.triggers.map(({ metadata }: { metadata: Record<string, string> }) => metadata)).toEqual(
      jobPlaces('transcribe-whisper').map(({ lane, turn }) => ({
        natsServerMonitoringEndpoint: 'podline-nats-headless.test.svc.cluster.local:8222',
        account: '$G',
        stream: 'PODLINE_TRANSCRIBE_WHISPER',
        consumer: jobConsumer('transcribe-whisper', lane, turn),
        lagThreshold: '4',
        activationLagThreshold: '0',
      })),
    );
    expect(find(manifests, 'Deployment', 'podline-transcriber-whisper')['spec'].replicas).toBeUndefined();
  });
});

describeWithHelm(`NATS${why}`, () => {
  test('gets three copies of every stream with three servers', async () => {
    const manifests = await render(helm, { nats: { embedded: { replicas: 3, antiAffinity: 'hard' } } });
    expect(envOf(manifests, 'downloader')['STREAM_REPLICAS']).toBe('3');
    const pod = find(manifests, 'StatefulSet', 'podline-nats')['spec'].template.spec;
    expect(pod.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
  });

  test.each([1, 3])('takes the configuration of %i servers', async (replicas) => {
    const server = await newNatsServerBinary();
    if (server === undefined) return;
    const folder = await mkdtemp(join(tmpdir(), 'podline-nats-conf-'));
    const file = join(folder, 'nats.conf');
    const text = await chartNatsConfig(helm, { nats: { embedded: { replicas, syncInterval: 'always' } } });
    await writeFile(file, text.replaceAll('/var/run/nats', folder));
    const variables = [...text.matchAll(/\$(NATS_\w+)/g)].map(([, name = '']) => name);
    const env = Object.fromEntries(
      variables.map((name) => [name, name.includes('ROUTE') ? `"nats://a:b@${name}:1"` : '"1e5"']),
    );
    const { stderr } = await execa(server, ['-t', '--config', file], { env: { ...env, POD_NAME: 'podline-nats-0' } });
    await rm(folder, { recursive: true });
    expect(stderr).toContain('configuration file');
  });
});

describeWithHelm(`the scenarios of ci/${why}`, () => {
  test.each(readdirSync(join(CHART, 'ci')))('%s renders', async (file) => {
    expect((await render(helm, {}, [join(CHART, 'ci', file)])).length).toBeGreaterThan(10);
  });
});

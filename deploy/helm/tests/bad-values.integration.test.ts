import { beforeAll, describe, expect, test } from '@jest/globals';
import { helmBinary, NO_HELM, render } from '../../../test/support/helm.ts';

const helm = await helmBinary();
const why = helm === undefined ? ` (${NO_HELM})` : '';
const testWithHelm = helm === undefined ? test.skip : test;

const external = { embedded: { enabled: false }, external: { url: 'nats://nats.example:4222' } };
const openai = { transcriberOpenai: { enabled: true }, openai: { existingSecret: 'key' } };
const hpa = (values: object): object => ({ autoscaling: { mode: 'hpa', ...values } });
const keda = (values: object): object => ({ autoscaling: { mode: 'keda', ...values } });

/** What is wrong, the values, and what the message must say. */
const MISSHAPEN: readonly (readonly [string, object, RegExp])[] = [
  ['a misspelt key', { downlaoder: {} }, /additional properties 'downlaoder' not allowed/],
  ['a misspelt key of a component', { downloader: { replica: 2 } }, /'\/downloader'.*'replica' not allowed/],
  ['replicas as text', { caretaker: { replicas: 'two' } }, /'\/caretaker\/replicas': got string, want integer/],
  ['negative replicas', { summarizer: { replicas: -1 } }, /'\/summarizer\/replicas': minimum: got -1, want 0/],
  ['no max-ack-pending', { downloader: { maxAckPending: 0 } }, /'\/downloader\/maxAckPending': minimum: got 0, want 1/],
  [
    'a decimal size',
    { streams: { audioMaxBytes: '20GB' } },
    /'\/streams\/audioMaxBytes': '20GB' does not match pattern/,
  ],
  ['two servers', { nats: { embedded: { replicas: 2 } } }, /'\/nats\/embedded\/replicas'.*\n?.*value must be/],
  [
    'a sync interval that is none',
    { nats: { embedded: { syncInterval: 'often' } } },
    /'\/nats\/embedded\/syncInterval'/,
  ],
  ['an unknown log level', { defaults: { logLevel: 'loud' } }, /'\/defaults\/logLevel': value must be one of/],
  [
    'an unknown autoscaling mode',
    { downloader: { autoscaling: { mode: 'vpa' } } },
    /'\/downloader\/autoscaling\/mode': value must be one of/,
  ],
  [
    'a variable of another service',
    { downloader: { config: { WEBHOOK_CONCURRENCY: 2 } } },
    /'\/downloader\/config'.*'WEBHOOK_CONCURRENCY' not allowed/,
  ],
  [
    'a variable out of bounds',
    { downloader: { config: { DOWNLOAD_CONCURRENCY: 65 } } },
    /'\/downloader\/config\/DOWNLOAD_CONCURRENCY': maximum: got 65, want 64/,
  ],
  [
    'a secret in the values',
    { summarizer: { config: { OPENAI_API_KEY: 'sk-1' } } },
    /'\/summarizer\/config'.*'OPENAI_API_KEY' not allowed/,
  ],
  [
    'an address that is none',
    { openai: { baseUrl: 'api.openai.com' } },
    /'\/openai\/baseUrl': 'api.openai.com' does not match pattern/,
  ],
  ['a NATS address that is none', { nats: { external: { url: 'nats.example' } } }, /'\/nats\/external\/url'/],
  [
    'a GPU resource without a domain',
    { transcriberWhisper: { gpu: { resourceName: 'gpu' } } },
    /'\/transcriberWhisper\/gpu\/resourceName'/,
  ],
  [
    'a nervous liveness probe',
    { defaults: { probes: { liveness: { failureThreshold: 1 } } } },
    /failureThreshold': minimum: got 1, want 3/,
  ],
];

const CONTRADICTIONS: typeof MISSHAPEN = [
  ['nobody who transcribes', { transcriberWhisper: { enabled: false } }, /Nobody transcribes/],
  ['openai without a key', { transcriberOpenai: { enabled: true } }, /set openai.existingSecret/],
  [
    'a default provider that does not run',
    { downloader: { config: { DEFAULT_PROVIDER: 'openai' } } },
    /transcriber-openai is not enabled/,
  ],
  [
    'local summaries without a server',
    { downloader: { config: { DEFAULT_SUMMARY_PROVIDER: 'local' } } },
    /needs llama.enabled or summarizer.localUrl/,
  ],
  ['two NATS', { nats: { external: { url: 'nats://nats.example:4222' } } }, /choose one/],
  ['no NATS', { nats: { embedded: { enabled: false } } }, /There is no NATS/],
  ['more copies than servers', { nats: { streamReplicas: 3 } }, /can't have more copies than there are servers/],
  [
    'a volume too small for the streams',
    { nats: { embedded: { persistence: { size: '20Gi' } } } },
    /streams may take 32576 MiB, but nine tenths of .* \(20Gi\) are 18432 MiB/,
  ],
  ['an old NATS', { nats: { embedded: { image: { tag: '2.10.4-alpine' } } } }, /needs nats-server 2.12.3 or newer/],
  [
    'TLS without a certificate',
    { nats: { embedded: { tls: { enabled: true } } } },
    /needs nats.embedded.tls.secretName/,
  ],
  [
    'keys of no Secret',
    { nats: { ...external, external: { ...external.external, keys: { token: 'token' } } } },
    /nats.external.existingSecret is empty/,
  ],
  [
    'a Secret of unknown keys',
    { nats: { ...external, external: { ...external.external, existingSecret: 's' } } },
    /says of no key what it is/,
  ],
  ['an unknown model', { transcriberWhisper: { models: ['huge'] } }, /"huge" is not a model podline knows/],
  [
    'a model of one’s own without memory',
    { transcriberWhisper: { models: ['mine'], modelCache: { type: 'claim', existingClaim: 'models' } } },
    /"mine" is a model of your own.*set memory/,
  ],
  [
    'more threads than CPUs',
    { transcriberWhisper: { workers: 4 } },
    /4 workers x 1 threads need a CPU limit of 4, but resources.limits.cpu is 2/,
  ],
  [
    'too little memory for the model',
    { transcriberWhisper: { models: ['small'], resources: { limits: { memory: '1Gi' } } } },
    /2 workers with small need 1960Mi/,
  ],
  [
    'pods that share a volume of one',
    { transcriberWhisper: { replicas: 2, modelCache: { type: 'claim' } } },
    /use ReadWriteMany/,
  ],
  [
    'fewer pods at most than at least',
    { downloader: hpa({ minReplicas: 5 }) },
    /minReplicas \(5\) is more than maxReplicas \(4\)/,
  ],
  ['an HPA to zero', { downloader: hpa({ minReplicas: 0 }) }, /an HPA can't scale to zero/],
  [
    'an HPA for what waits',
    { ...openai, transcriberOpenai: { enabled: true, ...hpa({}) } },
    /its pods wait for an API/,
  ],
  ['KEDA without monitoring', { nats: external, downloader: keda({}) }, /set nats.external.monitoringEndpoint/],
  [
    'more pods than the limit feeds',
    { ...openai, transcriberOpenai: { enabled: true, ...keda({ maxReplicas: 6 }) } },
    /lets 5 calls run at once/,
  ],
  ['a caretaker that scales', { caretaker: keda({}) }, /the caretaker does not scale/],
  ['S3 without a bucket', { storage: { type: 's3' } }, /needs storage.s3.bucket/],
  [
    'every metric twice',
    { monitoring: { podMonitor: { enabled: true }, serviceMonitor: { enabled: true } } },
    /Choose one/,
  ],
  ['llama without a model', { llama: { enabled: true } }, /llama.enabled needs a model/],
  [
    'a model nobody has checked',
    { llama: { enabled: true, model: { url: 'https://models.example/m.gguf' } } },
    /needs llama.model.sha256/,
  ],
];

describe(`values of a wrong kind${why}`, () => {
  // Helm tells all of them at once, so that one rendering is enough.
  let refusal: string;
  beforeAll(async () => {
    const all = MISSHAPEN.map(([, values]) => values).reduce(merged, {});
    refusal = helm === undefined ? '' : await render(helm, all).then(String, String);
  });

  testWithHelm.each(MISSHAPEN)('%s', (_what, _values, message) => {
    expect(refusal).toMatch(message);
  });
});

describe(`values that contradict each other${why}`, () => {
  testWithHelm.each(CONTRADICTIONS)('%s', async (_what, values, message) => {
    await expect(render(helm ?? '', values)).rejects.toThrow(message);
  });
});

function merged(one: object, other: object): object {
  return Object.entries(other).reduce<Record<string, unknown>>(
    (all, [key, value]: [string, unknown]) => {
      const known = all[key];
      const both = isObject(known) && isObject(value);
      return { ...all, [key]: both ? merged(known, value) : value };
    },
    { ...one },
  );
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

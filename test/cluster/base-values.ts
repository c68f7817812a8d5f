import type { Values } from './release.ts';

/** Set by scripts/cluster-tests.mjs: the tag of the images it has built. */
const TAG = process.env['PODLINE_TEST_TAG'] ?? 'test';
/** Where pods find a server that a test runs in the cluster's network. */
export const TEST_HOST = 'host.k8s.internal';

/** Requests that let every pod, and its successor during a roll-out, fit on a test machine of two cores. */
const small = { requests: { cpu: '100m' } };

/** The chart as it is, but for images, requests of CPU, and the test's web server being allowed. */
export function baseValues(mediaHost: string): Values {
  return {
    image: { tag: TAG },
    downloader: { resources: small, config: { DOWNLOAD_ALLOW_HOSTS: mediaHost, MIN_CHUNK_SECONDS: 10 } },
    transcriberWhisper: { resources: small, workers: 1 },
    summarizer: { resources: small },
    caretaker: { resources: small },
    nats: { embedded: { resources: small } },
  };
}

/** Values laid over others; maps are merged, everything else is replaced. */
export function over(base: Values, more: Values): Values {
  const merged: Values = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const before = merged[key];
    merged[key] = isMap(before) && isMap(value) ? over(before, value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

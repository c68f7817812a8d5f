import type { NatsConnection } from '#shared/jetstream/connect';
import {
  type EndpointReport,
  type LimitsChange,
  pauseLimits,
  resumeLimits,
  setLimits,
  showLimits,
} from '#shared/rate-limit/limits-admin';
import type { Limits } from '#shared/rate-limit/limits';
import { openLimitsBucket } from '#shared/rate-limit/limits-bucket';

/** The cluster's limits, to look at and to change for everybody at once. */
export interface LimitsClient {
  show: (endpoint?: string) => Promise<EndpointReport[]>;
  set: (endpoint: string, change: LimitsChange) => Promise<Limits>;
  pause: (endpoint: string, reason: string) => Promise<Limits>;
  resume: (endpoint: string) => Promise<Limits>;
}

export function limitsClient(connection: NatsConnection): LimitsClient {
  const bucket = () => openLimitsBucket(connection);
  return {
    show: async (endpoint) => showLimits(await bucket(), endpoint),
    set: async (endpoint, change) => setLimits(await bucket(), endpoint, change),
    pause: async (endpoint, reason) => pauseLimits(await bucket(), endpoint, reason),
    resume: async (endpoint) => resumeLimits(await bucket(), endpoint),
  };
}

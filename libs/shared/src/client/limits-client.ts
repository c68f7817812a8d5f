import type { NatsConnection } from '#shared/jetstream/connect';
import {
  applyLimits,
  type AppliedLimits,
  type EndpointReport,
  type LimitsChange,
  openEndpoint,
  pauseLimits,
  resumeLimits,
  setLimits,
  showLimits,
} from '#shared/rate-limit/limits-admin';
import type { Limits } from '#shared/rate-limit/limits';
import { createLimitsBucket, openLimitsBucket } from '#shared/rate-limit/limits-bucket';

/** The cluster's limits, to look at and to change for everybody at once. */
export interface LimitsClient {
  show: (endpoint?: string) => Promise<EndpointReport[]>;
  set: (endpoint: string, change: LimitsChange) => Promise<Limits>;
  apply: (endpoint: string, limits: LimitsChange, overwrite: boolean) => Promise<AppliedLimits>;
  pause: (endpoint: string, reason: string) => Promise<Limits>;
  resume: (endpoint: string) => Promise<Limits>;
  open: (endpoint: string) => Promise<void>;
}

/** @param replicas copies of the bucket, where it has to be made. */
export function limitsClient(connection: NatsConnection, replicas: number): LimitsClient {
  const bucket = () => openLimitsBucket(connection);
  return {
    show: async (endpoint) => showLimits(await bucket(), endpoint),
    set: async (endpoint, change) => setLimits(await bucket(), endpoint, change),
    apply: async (endpoint, limits, overwrite) => {
      await createLimitsBucket(connection, replicas);
      return applyLimits(await bucket(), endpoint, limits, overwrite);
    },
    pause: async (endpoint, reason) => pauseLimits(await bucket(), endpoint, reason),
    open: async (endpoint) => openEndpoint(await bucket(), endpoint),
    resume: async (endpoint) => resumeLimits(await bucket(), endpoint),
  };
}

import type { KV } from 'nats';
import type { LimitsInput } from '#shared/rate-limit/limits';
import type { NatsServer } from '../../test/support/nats-server.ts';
import type { ApiProcess } from './api-process.ts';
import type { LimitsEra } from './measure.ts';
import type { Replicas } from './replicas.ts';

/** The sizes everything is scaled by. */
export interface Scale {
  windowMs: number;
  guardMs: number;
  /** Requests a window. */
  requests: number;
}

/** What a scenario's disturbance may lay hands on. */
export interface Stage {
  replicas: Replicas;
  api: ApiProcess;
  nats: NatsServer[];
  /** The limiter's bucket, over a connection of the bench's own. */
  bucket: KV;
  endpoint: string;
  scale: Scale;
  /** Sleeps so many windows. */
  windows: (count: number) => Promise<void>;
  /** To be called with every change of what the API allows. */
  limitsChanged: (era: LimitsEra) => void;
  /** Remembers a moment, for the notes of the result. */
  note: (text: string) => void;
}

export interface Scenario {
  name: string;
  /** What happens, in half a sentence, for the table. */
  what: string;
  replicas: number;
  /** Demand, as a multiple of the limit. */
  demand: number;
  limits: (scale: Scale) => LimitsInput;
  /** Tokens of a call: evenly from 1 to this. */
  maxTokens?: number;
  latencyMs: number;
  /** Longest a call may take, in milliseconds: the length of a lease. */
  callMs?: number;
  /** Length of the run, in windows, after everyone is ready. */
  windows: number;
  clockSkewMs?: (index: number) => number;
  /** A cluster of three servers of the newer kind. */
  cluster?: boolean;
  disturb?: (stage: Stage) => Promise<void>;
  /** Whether the use of the limit says anything: not where the disturbance takes some of it away. */
  expectsFullUse: boolean;
}

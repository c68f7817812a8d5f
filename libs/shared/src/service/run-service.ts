import 'reflect-metadata';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Logger, LoggerModule } from 'nestjs-pino';
import { pino } from 'pino';
import type { z } from 'zod';
import type { ServiceConfig } from '#shared/config/common';
import { DEFAULTS, SECOND } from '#shared/config/defaults';
import { ConfigurationError, loadConfig } from '#shared/config/load';
import type { Queue } from '#shared/contracts/names';
import { asError } from '#shared/errors';
import type { NatsConnection } from '#shared/jetstream/connect';
import type { Intake } from '#shared/jetstream/intake';
import { JobServer, type JobServerOptions } from '#shared/jetstream/job-server';
import type { SettlementPolicy } from '#shared/jetstream/settlement';
import { HealthController, READINESS, type ReadinessChecks, REGISTRY } from '#shared/observability/health.controller';
import { obeyLogLevel } from '#shared/jetstream/log-control';
import { pinoOptions } from '#shared/observability/log';
import { LogDial } from '#shared/observability/log-dial';
import { jobMetrics } from '#shared/observability/metrics';
import { markDead } from './mark-dead.ts';
import { openRuntime } from './open-runtime.ts';
import { persist } from './persist.ts';
import { RethrowFilter } from './rethrow.filter.ts';
import type { Runtime } from './runtime.ts';

/** Longest wait for the connection to be flushed at the end, in milliseconds. */
const CLOSE_MS = 2000;

export interface JobSettings {
  /** Jobs this replica works on at once; 0 takes none. */
  slots: number;
  /** Jobs of one lane at work in the whole cluster. */
  maxAckPending: number;
  /** Hard ceiling of one delivery, in milliseconds. */
  ceilingMs: number;
  /** When a failed job is tried again, and how often, where that differs from the stages'. */
  policy?: SettlementPolicy;
  intake?: Intake | undefined;
  /** Jobs that may be taken beyond the slots, where the intake accepts them; by default none. */
  ahead?: number;
}

export interface ServiceDefinition<Config extends ServiceConfig, Parts> {
  name: string;
  queue: Queue;
  schema: z.ZodObject & z.ZodType<Config>;
  /** Makes what the service works with (engines, clients); awaited before the first job is taken. */
  prepare: (runtime: Runtime<Config>) => Promise<Parts>;
  jobs: (config: Config, parts: Parts) => JobSettings;
  /** The service's Nest module, holding its handler. */
  module: (runtime: Runtime<Config>, parts: Parts) => DynamicModule;
  /** Checks of `/readyz` besides NATS. */
  checks?: (parts: Parts) => ReadinessChecks;
  /** What a dead letter means besides itself; by default, that its episode has failed. Must be idempotent. */
  onDead?: JobServerOptions['onDead'];
  /** Called when the last job is settled and the service ends. */
  close?: (parts: Parts) => Promise<void>;
}

/** Starts a service and keeps it running until SIGTERM, SIGINT or the end of the parent that holds its IPC channel. */
export async function runService<Config extends ServiceConfig, Parts>(
  definition: ServiceDefinition<Config, Parts>,
): Promise<void> {
  const config = readConfig(definition.schema);
  const logger = pino(pinoOptions({ level: config.LOG_LEVEL, pretty: config.LOG_PRETTY, service: definition.name }));
  const dial = new LogDial(logger);
  dial.obeySignal();
  try {
    const runtime = await openRuntime(definition.name, config, logger);
    obeyLogLevel(runtime.connection, definition.name, ({ level, seconds }) => {
      runtime.log.info({ wanted: level, seconds }, 'Changing the log level for a while');
      dial.turn(level, seconds * SECOND);
    });
    const parts = await persist(() => definition.prepare(runtime), runtime.log, 'Not ready to start yet; trying again');
    const server = jobServer(definition, runtime, parts);
    const app = await NestFactory.create(rootModule(definition, runtime, parts, server, logger), {
      bufferLogs: true,
      // A connection somebody keeps open to the health port must not hold up the end.
      forceCloseConnections: true,
    });
    app.useLogger(app.get(Logger));
    app.useGlobalFilters(new RethrowFilter(app.get(HttpAdapterHost).httpAdapter));
    app.connectMicroservice<MicroserviceOptions>({ strategy: server }, { inheritAppConfig: true });
    // From here on jobs are at work: a signal must find somebody who ends them properly.
    const stopped = untilStopped();
    await app.startAllMicroservices();
    await app.listen(config.HTTP_PORT, config.HTTP_HOST);
    const url = await app.getUrl();
    runtime.log.info({ url, queue: definition.queue }, 'Ready');
    process.send?.({ ready: true, url });

    await stopped;
    runtime.log.info({ running: server.running, graceSeconds: config.SHUTDOWN_GRACE_SECONDS }, 'Stopping');
    await server.close();
    await definition.close?.(parts);
    await app.close();
    await runtime.tracing?.stop();
    await closeWithin(runtime.connection, CLOSE_MS);
    process.exit(0);
  } catch (error) {
    logger.fatal({ err: asError(error).message }, 'The service could not start');
    process.exit(1);
  }
}

function readConfig<Config>(schema: z.ZodObject & z.ZodType<Config>): Config {
  try {
    return loadConfig(schema);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}

function jobServer<Config extends ServiceConfig, Parts>(
  definition: ServiceDefinition<Config, Parts>,
  runtime: Runtime<Config>,
  parts: Parts,
): JobServer {
  const { config, publisher } = runtime;
  const jobs = definition.jobs(config, parts);
  return new JobServer({
    policy: {
      maxDeliveries: config.MAX_DELIVERIES,
      baseMs: DEFAULTS.jobs.retryBaseMs,
      capMs: DEFAULTS.jobs.retryCapMs,
    },
    ...jobs,
    queue: definition.queue,
    connection: runtime.connection,
    monitor: runtime.monitor,
    publisher,
    log: runtime.log,
    ackWaitMs: config.ACK_WAIT_SECONDS * SECOND,
    graceMs: config.SHUTDOWN_GRACE_SECONDS * SECOND,
    idlePollMs: DEFAULTS.jobs.idlePollMs,
    maxCrashes: DEFAULTS.jobs.maxCrashes,
    observer: jobMetrics(runtime.registry, definition.queue, jobs.slots),
    onDead: definition.onDead ?? ((letter, identity, sequence) => markDead(runtime, letter, identity, sequence)),
    ...(runtime.tracing ? { traceOf: async (episodeId) => (await runtime.episodes.get(episodeId))?.trace } : {}),
    ensureTopology: runtime.ensureTopology,
  });
}

@Module({})
class RootModule {}

function rootModule<Config extends ServiceConfig, Parts>(
  definition: ServiceDefinition<Config, Parts>,
  runtime: Runtime<Config>,
  parts: Parts,
  server: JobServer,
  logger: pino.Logger,
): DynamicModule {
  const checks: ReadinessChecks = { nats: () => server.ready, ...definition.checks?.(parts) };
  return {
    module: RootModule as Type,
    imports: [LoggerModule.forRoot({ pinoHttp: { logger, autoLogging: false } }), definition.module(runtime, parts)],
    controllers: [HealthController],
    providers: [
      { provide: READINESS, useValue: checks },
      { provide: REGISTRY, useValue: runtime.registry },
    ],
  };
}

/** Flushes and closes; a server that is away must not keep a stopped service alive. */
async function closeWithin(connection: NatsConnection, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([connection.drain().catch(() => undefined), promise]);
  clearTimeout(timer);
}

async function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Not `once`: execa, while a child of its runs, ends the process at a signal nobody else listens to any more.
  for (const event of ['SIGTERM', 'SIGINT'] as const) process.on(event, () => resolve());
  process.once('disconnect', () => resolve());
  await promise;
}

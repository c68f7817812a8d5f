import { hostname } from 'node:os';
import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import type { TracingConfig } from '#shared/config/common';
import { MINUTE, SECOND } from '#shared/config/defaults';
import { textWithoutCredentials, withoutCredentials } from '#shared/contracts/without-credentials';
import type { Log } from './log.ts';

/** Spans wait so long for others before they are sent, in milliseconds; and so many wait at most: more are dropped. */
const BATCH_MS = 2 * SECOND;
const MAX_WAITING = 8192;
const EXPORT_TIMEOUT_MS = 10 * SECOND;
/** Longest time the end of a service waits for the last spans, in milliseconds. */
const FLUSH_MS = 3 * SECOND;

export interface Tracing {
  /** Sends what waits; never throws, and never takes long. */
  stop: () => Promise<void>;
}

/**
 * Starts to send traces where an endpoint is configured; otherwise nothing of it is even loaded. A collector that is away costs its
 * spans and a word in the log once a minute, nothing else.
 */
export async function startTracing(service: string, config: TracingConfig, log: Log): Promise<Tracing | undefined> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const [{ AsyncLocalStorageContextManager }, { W3CTraceContextPropagator }, { OTLPTraceExporter }, resources, sdk] =
    await Promise.all([
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace'),
    ]);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({
      'service.namespace': 'podline',
      'service.name': service,
      'service.instance.id': `${hostname()}-${process.pid}`,
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLER_ARG) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter, maxQueueSize: MAX_WAITING, scheduledDelayMillis: BATCH_MS }),
    ],
  });
  diag.setLogger(oncePerMinute(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  log.info({ endpoint: withoutCredentials(endpoint), share: config.OTEL_TRACES_SAMPLER_ARG }, 'Sending traces');
  return { stop: () => stopWithin(() => provider.shutdown(), FLUSH_MS) };
}

/** What the library complains about; its texts name the endpoint, never the headers. */
function oncePerMinute(log: Log) {
  let last = -MINUTE;
  const say = (message: string): void => {
    const now = performance.now();
    if (now - last < MINUTE) return;
    last = now;
    log.warn({ err: textWithoutCredentials(message).slice(0, 500) }, 'Trouble with sending traces');
  };
  return { error: say, warn: say, info: () => undefined, debug: () => undefined, verbose: () => undefined };
}

async function stopWithin(stop: () => Promise<void>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([stop().catch(() => undefined), promise]);
  clearTimeout(timer);
}

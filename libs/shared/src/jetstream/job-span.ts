import { context, type Link, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { JsMsg } from 'nats';
import { HEADERS } from '#shared/contracts/headers';
import type { JobIdentity } from '#shared/contracts/job-identity';
import type { Lane, Queue } from '#shared/contracts/names';
import { fail } from '#shared/observability/spans';
import type { Settlement } from './settlement.ts';
import { contextOf, spanContextOf } from './trace-headers.ts';

/** The `traceparent` an episode is known under; asked for only while traces are sent. */
export type TraceOf = (episodeId: string) => Promise<string | undefined>;

export interface TracedDelivery {
  message: JsMsg;
  queue: Queue;
  lane: Lane;
  identity: JobIdentity;
  delivery: number;
}

/**
 * Runs a delivery as a span of its episode's trace. The job's own header names its place in it. A download job's may be a
 * stranger's, or come with every new publishing of the same episode: then the trace the episode is known under goes first,
 * and the header becomes a link. So a redelivery, a replay or a resumption stays in the trace it belongs to.
 */
export async function inJobSpan(
  delivery: TracedDelivery,
  traceOf: TraceOf | undefined,
  work: () => Promise<Settlement>,
): Promise<Settlement> {
  if (traceOf === undefined) return work();
  const { parent, links } = await placeOf(delivery, traceOf);
  const { queue, lane, identity } = delivery;
  const attributes = {
    'messaging.system': 'nats',
    'messaging.destination.name': delivery.message.subject,
    'podline.queue': queue,
    'podline.lane': lane,
    'podline.episode': identity.episodeId,
    'podline.delivery': delivery.delivery,
    ...(identity.chunk === undefined ? {} : { 'podline.chunk': identity.chunk }),
  };
  const span = trace
    .getTracer('podline')
    .startSpan(queue, { kind: SpanKind.CONSUMER, attributes, links }, contextOf(parent));
  try {
    const settlement = await context.with(trace.setSpan(context.active(), span), work);
    note(span, settlement);
    return settlement;
  } finally {
    span.end();
  }
}

async function placeOf({ message, queue, identity }: TracedDelivery, traceOf: TraceOf) {
  const carried = spanContextOf(message.headers?.get(HEADERS.traceparent));
  if (carried !== undefined && queue !== 'download') return { parent: carried, links: [] };
  // Not to know the trace is no reason not to do the job.
  const known = spanContextOf(await traceOf(identity.episodeId).catch(() => undefined));
  const isForeign = known !== undefined && carried !== undefined && known.traceId !== carried.traceId;
  const links: Link[] = isForeign ? [{ context: carried }] : [];
  return { parent: known ?? carried, links };
}

function note(span: Span, settlement: Settlement): void {
  span.setAttribute('podline.settled', settlement.kind);
  if (settlement.kind !== 'ack') fail(span, settlement.error);
}

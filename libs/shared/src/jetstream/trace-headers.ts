import { context, propagation, ROOT_CONTEXT, trace, type Context, type SpanContext } from '@opentelemetry/api';
import { headers as newHeaders, type JsMsg, type MsgHdrs } from 'nats';
import { HEADERS } from '#shared/contracts/headers';

/** Headers with the trace the publishing code belongs to; empty while nobody traces. */
export function traceHeaders(): MsgHdrs {
  const headers = newHeaders();
  propagation.inject(context.active(), headers, { set: (carrier, name, value) => carrier.set(name, value) });
  return headers;
}

/** The `traceparent` of the code that asks, as it is stored with an episode; undefined while nobody traces. */
export function currentTraceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier[HEADERS.traceparent];
}

/** The span a `traceparent` names; undefined where there is none, or nobody traces. */
export function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  if (traceparent === undefined || traceparent === '') return undefined;
  return trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { [HEADERS.traceparent]: traceparent }));
}

/** Does the work as part of the trace a message belongs to. */
export function inTraceOf<T>(message: JsMsg, work: () => T): T {
  const span = spanContextOf(message.headers?.get(HEADERS.traceparent));
  return span === undefined ? work() : context.with(contextOf(span), work);
}

export function contextOf(span: SpanContext | undefined): Context {
  return span === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span);
}

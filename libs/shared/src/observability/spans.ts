import { type Attributes, context, isSpanContextValid, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { classify } from '#shared/errors';
import { textWithoutCredentials } from '#shared/contracts/without-credentials';

/** Longest error text on a span, in characters. */
const MAX_MESSAGE = 500;

/** Does a piece of work as a span under the one that is active; costs next to nothing while nobody traces. */
export async function inSpan<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  return trace.getTracer('podline').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Marks a span as failed, with the bounded reason of the taxonomy. */
export function fail(span: Span, thrown: unknown): void {
  const { reason, message } = classify(thrown);
  span.setAttribute('error.type', reason);
  span.setStatus({ code: SpanStatusCode.ERROR, message: textWithoutCredentials(message).slice(0, MAX_MESSAGE) });
}

/** The trace the code that asks belongs to, for its log lines; empty while nobody traces. */
export function traceFields(): { traceId?: string; spanId?: string } {
  const span = trace.getSpanContext(context.active());
  return span !== undefined && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}

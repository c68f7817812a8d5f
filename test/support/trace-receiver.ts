import { once } from 'node:events';
import { createServer } from 'node:http';
import { portOf } from './local-server.ts';
import { bytes, integer, messages, readFields, type WireField } from './protobuf-wire.ts';

export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty for the first span of a trace. */
  parentId: string;
  name: string;
  attributes: Record<string, string | number | boolean>;
  /** Trace ids of linked spans. */
  links: string[];
  failed: boolean;
  startNs: bigint;
  endNs: bigint;
}

export interface TraceReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  endpoint: string;
  spans: ReceivedSpan[];
  /** Headers of the requests, newest last. */
  headers: Record<string, string | string[] | undefined>[];
  close: () => Promise<void>;
}

/** Takes traces as a collector does: OTLP over HTTP, in protobuf (opentelemetry-proto 1.7, trace.proto). */
export async function startTraceReceiver(): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = [];
  const headers: TraceReceiver['headers'] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await request.toArray());
      headers.push(request.headers);
      if (request.url === '/v1/traces') spans.push(...readRequest(body));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${portOf(server)}`,
    spans,
    headers,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function readRequest(body: Buffer): ReceivedSpan[] {
  return messages(readFields(body), 1).flatMap((resourceSpans) => {
    const [resource = []] = messages(resourceSpans, 1);
    const service = String(attributesOf(resource, 1)['service.name']);
    return messages(resourceSpans, 2).flatMap((scope) => messages(scope, 2).map((span) => readSpan(span, service)));
  });
}

function readSpan(span: readonly WireField[], service: string): ReceivedSpan {
  const [status = []] = messages(span, 15);
  return {
    service,
    traceId: bytes(span, 1).toString('hex'),
    spanId: bytes(span, 2).toString('hex'),
    parentId: bytes(span, 4).toString('hex'),
    name: bytes(span, 5).toString('utf8'),
    startNs: integer(span, 7),
    endNs: integer(span, 8),
    attributes: attributesOf(span, 9),
    links: messages(span, 13).map((link) => bytes(link, 1).toString('hex')),
    failed: integer(status, 3) === 2n,
  };
}

/** Strings, booleans and integers; that is all podline sets. */
function attributesOf(fields: readonly WireField[], number: number): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    messages(fields, number).map((pair) => {
      const [value = []] = messages(pair, 2);
      const [first] = value;
      const key = bytes(pair, 1).toString('utf8');
      if (first?.number === 2) return [key, first.value === 1n];
      return [key, typeof first?.value === 'bigint' ? Number(first.value) : bytes(value, 1).toString('utf8')];
    }),
  );
}

import type { ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';

export interface Answer {
  body: string;
  contentType: string;
}

export function sendAnswer(response: ServerResponse, answer: Answer, headers: Record<string, string> = {}): void {
  send(response, 200, answer, headers);
}

/** Anything that is not an `ApiError` is this server's own bug, and goes out as a 500 with its message. */
export function sendError(response: ServerResponse, error: unknown, headers: Record<string, string> = {}): void {
  const failure = error instanceof ApiError ? error : new ApiError(500, String(error));
  const answer = { body: JSON.stringify(failure.body), contentType: 'application/json' };
  send(response, failure.status, answer, { ...headers, ...failure.headers });
}

/** Announces the whole answer, sends half of it and cuts the connection. */
export function sendHalf(response: ServerResponse, answer: Answer): void {
  response.writeHead(200, { 'content-type': answer.contentType, 'content-length': Buffer.byteLength(answer.body) });
  response.write(half(answer).body, () => response.destroy());
}

export function half(answer: Answer): Answer {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
}

function send(response: ServerResponse, status: number, answer: Answer, headers: Record<string, string>): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(answer.body),
    'x-request-id': 'req_test',
  });
  response.end(answer.body);
}

import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** `whsec_` and 24 to 64 bytes in base64, as Standard Webhooks writes secrets. */
function secretBytes(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}

/**
 * The headers that prove a message ours (Standard Webhooks 1.0): one signature for each secret, the newest first, so that
 * secrets can be exchanged without a moment in which receivers know neither.
 * @param seconds when the message is sent, in seconds since 1970.
 */
export function signatureHeaders(
  id: string,
  seconds: number,
  body: string,
  secrets: readonly string[],
): Record<string, string> {
  const signed = `${id}.${seconds}.${body}`;
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secretBytes(secret)).update(signed).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    ...(signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') }),
  };
}

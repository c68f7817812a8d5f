import { PermanentError, RetryableError } from '#shared/errors';
import type { Body } from '#shared/http/decoded-body';
import type { PartialFile } from './partial-file.ts';
import { refuseText, SNIFF_BYTES } from './sniff.ts';

export interface Receiving {
  maxBytes: number;
  idleMs: number;
  contentType: string | undefined;
  /** Where it comes from, fit for messages. */
  from: string;
  onBytes: (bytes: number) => void;
}

/**
 * Appends the body to the file as it comes; holds one piece of it at a time.
 * @throws PermanentError `too-large` or `not-audio`, RetryableError `time-out`, and the stream's own errors.
 */
export async function receiveBody(body: Body, file: PartialFile, receiving: Receiving): Promise<void> {
  const { stream } = body;
  const { idleMs, from } = receiving;
  const silent = (): void => {
    stream.destroy(
      new RetryableError('time-out', `${from}: nothing came for ${idleMs / 1000} s, after ${file.bytes} bytes.`),
    );
  };
  const head = new Head(file.bytes === 0, receiving);
  let timer = setTimeout(silent, idleMs);
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      head.see(chunk);
      assertSize(file.bytes + chunk.length, body, receiving);
      await file.append(chunk);
      receiving.onBytes(file.bytes);
      timer = setTimeout(silent, idleMs);
    }
    head.end();
  } finally {
    clearTimeout(timer);
  }
}

function assertSize(bytes: number, body: Body, { maxBytes, from }: Receiving): void {
  if (bytes > maxBytes) throw tooLarge(from, `more than ${maxBytes} bytes came`, maxBytes);
  if (body.isBomb(bytes)) throw tooLarge(from, `it unpacks to more than ${bytes} bytes from a tiny file`, maxBytes);
}

export function tooLarge(from: string, what: string, maxBytes: number): PermanentError {
  return new PermanentError(
    'too-large',
    `${from} is too large: ${what}; at most ${maxBytes} are taken (DOWNLOAD_MAX_BYTES).`,
  );
}

/** The first bytes of the file, judged as soon as there are enough of them. */
class Head {
  readonly #receiving: Receiving;
  #bytes = new Uint8Array();
  #wanted: boolean;

  constructor(wanted: boolean, receiving: Receiving) {
    this.#wanted = wanted;
    this.#receiving = receiving;
  }

  see(chunk: Uint8Array): void {
    if (!this.#wanted) return;
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, SNIFF_BYTES)]);
    if (this.#bytes.length >= SNIFF_BYTES) this.end();
  }

  end(): void {
    if (!this.#wanted) return;
    this.#wanted = false;
    refuseText(this.#bytes, this.#receiving.contentType, this.#receiving.from);
  }
}

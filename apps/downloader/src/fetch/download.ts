import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { PermanentError, RetryableError } from '#shared/errors';
import { atMostEvery } from './at-most-every.ts';
import { decodedBody } from '#shared/http/decoded-body';
import { type Answer, followRedirects } from '#shared/http/follow-redirects';
import { networkError } from '#shared/http/network-errors';
import type { Requester } from '#shared/http/open-request';
import type { FetchTimeouts } from './fetch-limits.ts';
import type { PartialFile } from './partial-file.ts';
import { receiveBody, tooLarge } from './receive-body.ts';
import { redactUrl } from '#shared/http/redact-url';
import { contentLength, continues, isComplete, resumeHeaders, type Version, versionOf } from './resume.ts';
import { statusError } from '#shared/http/status-error';

const PROGRESS_INTERVAL_MS = 250;

export interface FetchProgress {
  bytes: number;
  /** Bytes of the whole file, where the server said so. */
  total: number | undefined;
}

export interface FetchedFile {
  bytes: number;
  /** SHA-256 of the file, 64 hexadecimal digits. */
  sha256: string;
  /** Media type in lower case without parameters. */
  contentType: string | undefined;
  /** Where the bytes came from; may hold tokens: pass it through `redactUrl` before showing it. */
  finalUrl: string;
  /** Redirects on the way there. */
  redirects: number;
  /** How often a broken download was carried on instead of begun anew. */
  resumed: number;
}

export interface DownloadSettings {
  requester: Requester & { timeouts: FetchTimeouts };
  maxBytes: number;
  userAgent: string;
  onProgress: ((progress: FetchProgress) => void) | undefined;
}

/** One download over several tries: each carries on where the last one broke, if the server still has the same version. */
export class Download {
  readonly #start: URL;
  readonly #file: PartialFile;
  readonly #settings: DownloadSettings;
  readonly #report: (progress: FetchProgress) => void;
  #version: Version = { validator: undefined, total: undefined };
  #contentType: string | undefined;
  #resumed = 0;
  #gained = 0;

  constructor(start: URL, file: PartialFile, settings: DownloadSettings) {
    this.#start = start;
    this.#file = file;
    this.#settings = settings;
    this.#report = atMostEvery(PROGRESS_INTERVAL_MS, (progress) => settings.onProgress?.(progress));
  }

  /** Bytes the last try added to those of the tries before. */
  get gained(): number {
    return this.#gained;
  }

  /** Tries once. @throws as `fetchToFile` does. */
  async attempt(): Promise<FetchedFile> {
    this.#gained = 0;
    let url = this.#start;
    try {
      const answer = await followRedirects(url, this.#headers(), this.#settings.requester);
      url = answer.url;
      await this.#take(answer);
      return this.#finish(answer);
    } catch (error) {
      throw networkError(error, url);
    }
  }

  #headers(): OutgoingHttpHeaders {
    return {
      accept: 'audio/*, video/*;q=0.8, */*;q=0.5',
      'accept-encoding': 'identity',
      'user-agent': this.#settings.userAgent,
      ...resumeHeaders(this.#file.bytes, this.#version),
    };
  }

  async #take({ response, url }: Answer): Promise<void> {
    if (response.statusCode === 416) {
      response.destroy();
      if (isComplete(response.headers, this.#file.bytes)) return;
      throw await this.#changed(url);
    }
    const failure = statusError(response, url);
    if (failure !== undefined) {
      response.destroy();
      throw failure;
    }
    if (response.statusCode === 206) await this.#takeRest(response, url);
    else await this.#takeAll(response, url);
  }

  async #takeAll(response: IncomingMessage, url: URL): Promise<void> {
    await this.#file.restart();
    this.#version = versionOf(response.headers);
    this.#contentType = mediaType(response);
    await this.#receive(response, url);
  }

  async #takeRest(response: IncomingMessage, url: URL): Promise<void> {
    const before = this.#file.bytes;
    if (!continues(response.headers, before, this.#version)) {
      response.destroy();
      throw await this.#changed(url);
    }
    if (before > 0) this.#resumed++;
    try {
      await this.#receive(response, url);
    } finally {
      this.#gained = this.#file.bytes - before;
    }
  }

  async #receive(response: IncomingMessage, url: URL): Promise<void> {
    const { maxBytes, requester } = this.#settings;
    const from = redactUrl(url);
    const declared = this.#file.bytes + (contentLength(response.headers) ?? 0);
    if (declared > maxBytes) {
      response.destroy();
      throw tooLarge(from, `it has ${declared} bytes`, maxBytes);
    }
    const { total } = this.#version;
    await receiveBody(decodedBody(response), this.#file, {
      maxBytes,
      idleMs: requester.timeouts.idleMs,
      contentType: this.#contentType,
      from,
      onBytes: (bytes) => this.#report({ bytes, total }),
    });
    if (total !== undefined && this.#file.bytes !== total) {
      throw new RetryableError('connection-failed', `${from} ended after ${this.#file.bytes} of ${total} bytes.`);
    }
  }

  /** What we have belongs to another version: begin anew. */
  async #changed(url: URL): Promise<RetryableError> {
    await this.#file.restart();
    this.#version = { validator: undefined, total: undefined };
    return new RetryableError('connection-failed', `${redactUrl(url)} changed while it was being fetched.`);
  }

  #finish({ url, redirects }: Answer): FetchedFile {
    const { bytes } = this.#file;
    if (bytes === 0) throw new PermanentError('empty-file', `${redactUrl(url)} gave a file of zero bytes.`);
    this.#settings.onProgress?.({ bytes, total: bytes });
    return {
      bytes,
      sha256: this.#file.digest(),
      contentType: this.#contentType,
      finalUrl: url.href,
      redirects,
      resumed: this.#resumed,
    };
  }
}

/** The media type without parameters; undefined where it is missing or no media type. */
function mediaType({ headers }: IncomingMessage): string | undefined {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type !== undefined && /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(type) ? type : undefined;
}

import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { PermanentError, RetryableError } from '#shared/errors';
import { allowList } from '#shared/http/allow-list';
import { Download, type FetchedFile, type FetchProgress } from './download.ts';
import {
  DEFAULT_RETRIES,
  DEFAULT_TIMEOUTS,
  DEFAULT_USER_AGENT,
  type FetchLimits,
  type FetchRetries,
} from './fetch-limits.ts';
import { PartialFile } from './partial-file.ts';
import { redactUrl } from '#shared/http/redact-url';
import { type Resolve, systemResolve } from '#shared/http/resolve-checked';
import { stopReason } from './stop-reason.ts';

export interface FetchOptions {
  /** Ends the download with the signal's reason, or a CancelledError. */
  signal?: AbortSignal | undefined;
  /** At most four times a second, and once at the end. */
  onProgress?: ((progress: FetchProgress) => void) | undefined;
  /** Who turns host names into addresses; by default the system. */
  resolve?: Resolve;
}

/**
 * Downloads a file in constant memory: follows redirects, carries on broken connections, tries again when the server
 * fails for the moment. Connects to public addresses only, unless allowed. Leaves no file behind when it fails.
 *
 * @throws PermanentError `invalid-url`, `unsupported-scheme`, `forbidden-address`, `host-not-found`, `bad-certificate`,
 *   `bad-redirect`, `not-found`, `access-denied`, `http-error`, `not-audio`, `empty-file`, `too-large`, `bad-encoding`.
 * @throws RetryableError `connection-failed`, `time-out`, `server-error`, `throttled`, `disk-full`.
 */
export async function fetchToFile(
  url: string,
  path: string,
  limits: FetchLimits,
  options: FetchOptions = {},
): Promise<FetchedFile> {
  const start = URL.parse(url);
  if (start === null) {
    const shown = withoutCredentials(url)
      .replace(/[?#].*$/s, '')
      .slice(0, 200);
    throw new PermanentError('invalid-url', `"${shown}" is not a URL.`);
  }
  const timeouts = { ...DEFAULT_TIMEOUTS, ...limits.timeouts };
  const total = AbortSignal.timeout(timeouts.totalMs);
  const signal = options.signal === undefined ? total : AbortSignal.any([options.signal, total]);
  const requester = {
    allow: allowList(limits.allowHosts, 'DOWNLOAD_ALLOW_HOSTS'),
    resolve: options.resolve ?? systemResolve,
    timeouts,
    signal,
  };
  const userAgent = limits.userAgent ?? DEFAULT_USER_AGENT;
  const file = await PartialFile.create(path);
  try {
    const download = new Download(start, file, {
      requester,
      maxBytes: limits.maxBytes,
      userAgent,
      onProgress: options.onProgress,
    });
    return await untilFetched(download, { ...DEFAULT_RETRIES, ...limits.retries }, signal);
  } catch (error) {
    await rm(path, { force: true });
    if (options.signal?.aborted === true) throw stopReason(options.signal);
    if (total.aborted)
      throw new RetryableError(
        'time-out',
        `${redactUrl(start)}: the download took longer than ${timeouts.totalMs / 1000} s.`,
      );
    throw error;
  } finally {
    await file.close();
  }
}

async function untilFetched(download: Download, retries: FetchRetries, signal: AbortSignal): Promise<FetchedFile> {
  for (let failures = 1; ; failures++) {
    try {
      return await download.attempt();
    } catch (error) {
      if (download.gained > 0) failures = 1;
      if (!(error instanceof RetryableError) || error.blameless || failures >= retries.attempts) throw error;
      const asked = error.delayMs ?? 0;
      if (asked > retries.retryAfterCapMs) throw error;
      const backOff = Math.min(retries.capMs, retries.baseMs * 2 ** (failures - 1));
      await pause(Math.max(asked, backOff * (0.5 + Math.random() / 2)), undefined, { signal });
    }
  }
}

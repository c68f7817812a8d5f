import { z } from 'zod';

const SCHEME = 'upload:';

/** Audio uploaded to the audio bucket by `podline submit <file>`, named after its bytes. */
export const uploadUrlSchema = z.string().regex(/^upload:[a-f0-9]{64}$/, 'expected upload:<sha256>');

/** @param sha256 64 hexadecimal digits. */
export const uploadUrl = (sha256: string): string => SCHEME + sha256;

/** SHA-256 of the upload a URL names; undefined for a URL of anything else. */
export const uploadDigest = (url: string): string | undefined =>
  url.startsWith(SCHEME) ? url.slice(SCHEME.length) : undefined;

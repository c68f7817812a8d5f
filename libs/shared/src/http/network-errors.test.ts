import { describe, expect, test } from '@jest/globals';
import { PermanentError } from '#shared/errors';
import { networkError } from './network-errors.ts';

const url = new URL('https://anna:secret@example.com/a.mp3?token=secret');
const withCode = (code: string): Error => Object.assign(new Error('it broke'), { code });

describe('networkError', () => {
  test.each([
    ['ENOTFOUND', false, 'host-not-found'],
    ['CERT_HAS_EXPIRED', false, 'bad-certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'bad-certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'bad-certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'bad-certificate'],
    ['Z_DATA_ERROR', false, 'bad-encoding'],
    ['EAI_AGAIN', true, 'connection-failed'],
    ['ECONNRESET', true, 'connection-failed'],
    ['HPE_INVALID_CONSTANT', true, 'connection-failed'],
  ])('settles %s', (code, retryable, reason) => {
    const error = networkError(withCode(code), url);
    expect(error).toMatchObject({ retryable, reason });
    expect(error.message).toContain('https://***@example.com/a.mp3?token=***');
    expect(error.message).not.toContain('secret');
  });

  test('keeps an error that is in the taxonomy', () => {
    const error = new PermanentError('not-audio', 'HTML');
    expect(networkError(error, url)).toBe(error);
  });
});

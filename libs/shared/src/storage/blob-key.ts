import { PermanentError } from '#shared/errors';

const KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/;

/**
 * A key is a path of 1 to 256 of the characters A-Z a-z 0-9 . _ / -, begins with a letter or digit, and has no `..` and
 * no `//`: it means the same as an object's name, an S3 key, a file below a folder and a part of a URL.
 * @throws PermanentError `invalid-key`
 */
export function assertBlobKey(key: string): void {
  if (!KEY.test(key) || key.includes('..') || key.includes('//')) {
    throw new PermanentError(
      'invalid-key',
      `${JSON.stringify(key.slice(0, 300))} is no key of a blob: use 1 to 256 of the characters A-Z a-z 0-9 . _ / -, ` +
        'beginning with a letter or digit, without ".." and "//".',
    );
  }
}

import { describe, expect, test } from '@jest/globals';
import { isStampValid } from './model.mjs';
import { models, requirements } from './requirements.mjs';

describe('isStampValid', () => {
  const stamp = { bytes: 10, mtimeMs: 5, sha256: 'aa' };

  test('holds while size, time and pin are those that were hashed', () => {
    expect(isStampValid(stamp, { size: 10, mtimeMs: 5 }, 'aa')).toBe(true);
  });

  test.each([
    [undefined, { size: 10, mtimeMs: 5 }, 'aa'],
    [stamp, { size: 11, mtimeMs: 5 }, 'aa'],
    [stamp, { size: 10, mtimeMs: 6 }, 'aa'],
    [stamp, { size: 10, mtimeMs: 5 }, 'bb'],
  ])('fails for %j, %j and %s', (known, file, pin) => {
    expect(isStampValid(known, file, pin)).toBe(false);
  });
});

describe('models.json', () => {
  test.each(Object.entries(models))('%s is complete and named as its file', (name, model) => {
    expect(model).toMatchObject({
      file: `ggml-${name}.bin`,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      languages: /\.en(-|$)/.test(name) ? 'en' : 'multilingual',
      licence: 'MIT',
    });
    expect(model.embedded ? model.url : model.url?.endsWith(`/${model.file}`)).toBe(model.embedded ? null : true);
    expect(model.bytes).toBeGreaterThan(10e6);
  });

  test('no two names share a file', () => {
    const hashes = Object.values(models).map(({ sha256 }) => sha256);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('has the embedded model', () => {
    expect(models[requirements.embeddedModel]?.embedded).toBe(true);
  });
});

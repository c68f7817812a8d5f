import { describe, expect, test } from '@jest/globals';
import { storeRefusal } from './storage-errors.ts';

describe('a refusal to store', () => {
  test.each([
    [{ code: 503, err_code: 10077, description: 'maximum bytes exceeded' }],
    [{ code: 503, err_code: 10077, description: 'write /store/1.blk: no space left on device' }],
    [{ code: 503, err_code: 10023, description: 'insufficient resources' }],
    [{ code: 500, err_code: 10047, description: 'insufficient storage resources available' }],
    [{ code: 400, err_code: 10002, description: 'resource limits exceeded for account' }],
  ])('means that there is no room: %j', (refusal) => {
    expect(storeRefusal(refusal, '$O.b.C.x')).toMatchObject({
      retryable: true,
      reason: 'storage-full',
      message: expect.stringMatching(new RegExp(`\\$O\\.b\\.C\\.x: ${refusal.description}\\. Raise`)),
    });
  });

  test.each([
    [{ code: 503, err_code: 10077, description: 'store is closed' }],
    [{ code: 503, err_code: 10008, description: 'JetStream system temporarily unavailable' }],
    [{ code: 500 }],
  ])('else means that NATS is not able to: %j', (refusal) => {
    expect(storeRefusal(refusal, '$O.b.C.x')).toMatchObject({ retryable: true, reason: 'nats-unavailable' });
  });
});

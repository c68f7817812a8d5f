import { describe, expect, test } from '@jest/globals';
import { signatureHeaders } from './sign.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('signatureHeaders', () => {
  test('signs as the example of Standard Webhooks does', () => {
    const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
    expect(signatureHeaders(id, 1614265330, '{"test": 2432232314}', [SECRET])).toEqual({
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('signs with every secret, so that they can be exchanged', () => {
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const [one, two] = signatureHeaders('m', 1, '{}', [SECRET, other])['webhook-signature']?.split(' ') ?? [];
    expect(one).toBe(signatureHeaders('m', 1, '{}', [SECRET])['webhook-signature']);
    expect(two).toBe(signatureHeaders('m', 1, '{}', [other])['webhook-signature']);
  });

  test('leaves a message unsigned where there is no secret', () => {
    expect(signatureHeaders('m', 1, '{}', [])).toEqual({ 'webhook-id': 'm', 'webhook-timestamp': '1' });
  });
});

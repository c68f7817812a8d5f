import type { KV } from 'nats';
import { z } from 'zod';
import { RetryableError } from '#shared/errors';
import { isConflict } from '#shared/jetstream/nats-errors';

const KEY = 'known';
const MAX_ROUNDS = 20;

const registerSchema = z.strictObject({
  v: z.literal(1),
  /** When the register was begun, in milliseconds since 1970 by the server's clock: nothing is known of the time before. */
  since: z.number().min(0),
  /** Every endpoint that anybody has opened since. Nothing is ever taken out. */
  endpoints: z.array(z.string().max(90)).max(5000),
});

/**
 * Enters an endpoint into the register of those that were ever used. Replicas do so every few seconds, and send nothing
 * while they can't: so an endpoint that is not in an old register has not been used since the register was begun.
 * @param now milliseconds since 1970 by the server's clock.
 * @param ageMs how old the register must be for its silence to prove something.
 * @returns `new` where it proves that nobody has used the endpoint for at least `ageMs`; `known` where it does not.
 */
export async function enterEndpoint(
  bucket: KV,
  endpoint: string,
  now: number,
  ageMs: number,
): Promise<'new' | 'known'> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const entry = await bucket.get(KEY);
    const register = entry?.operation === 'PUT' ? decode(entry.string()) : undefined;
    if (register?.endpoints.includes(endpoint)) return 'known';
    const next = register
      ? { ...register, endpoints: [...register.endpoints, endpoint] }
      : { v: 1, since: now, endpoints: [endpoint] };
    try {
      await bucket.put(KEY, JSON.stringify(next), { previousSeq: entry?.revision ?? 0 });
    } catch (error) {
      if (isConflict(error)) continue;
      throw error;
    }
    return register && now - register.since >= ageMs ? 'new' : 'known';
  }
  throw new RetryableError('limits-contended', 'The register of endpoints changed too often meanwhile.', {
    blameless: true,
  });
}

function decode(text: string): z.output<typeof registerSchema> | undefined {
  try {
    const parsed = registerSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The server as a process of its own:
 *
 *     node test/support/openai-server/main.ts '{"port":8080,"latencyMs":300,"limits":{"windowMs":60000,"requests":50}}'
 *
 * Every field is optional: port, latencyMs, limits, models, apiKeys, obedient (chat answers made from the prompt). Prints `{"baseUrl":...}` when it listens, and ends
 * with SIGTERM.
 */
import { z } from 'zod';
import { obedientModel } from '../obedient-model.ts';
import { serverLimitsSchema } from './control.ts';
import { startOpenaiServer } from './openai-server.ts';

const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65_535).optional(),
  latencyMs: z.number().min(0).optional(),
  limits: serverLimitsSchema.optional(),
  models: z.array(z.string()).optional(),
  apiKeys: z.array(z.string()).optional(),
  obedient: z.boolean().optional(),
});

// Loaded now: the first request must not wait for it.
await import('gpt-tokenizer/encoding/o200k_base');
const { obedient, ...options } = optionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const server = await startOpenaiServer({ ...options, complete: obedient ? obedientModel : undefined });
process.stdout.write(`${JSON.stringify({ baseUrl: server.baseUrl })}\n`);
process.once('SIGTERM', () => void server.close());

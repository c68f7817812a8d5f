import { Gauge, type Registry } from 'prom-client';
import type { EndpointStatus } from '#shared/rate-limit/limiter-status';

const CONDITIONS = [
  'open',
  'closed',
  'throttled',
  'stopped',
  'paused',
] as const satisfies EndpointStatus['condition'][];

/** How one endpoint stands, read when somebody asks: `stopped` is worth an alert, since nobody but an operator ends it. */
export function limiterGauges(
  registry: Registry,
  endpoint: string,
  read: () => { endpoint: EndpointStatus | undefined },
): void {
  const condition = new Gauge({
    name: 'podline_limiter_condition',
    help: 'Condition of the endpoint: 1 for the one it is in, 0 for the others.',
    labelNames: ['endpoint', 'condition'],
    registers: [],
    collect() {
      const now = read().endpoint?.condition;
      for (const one of CONDITIONS) this.set({ endpoint, condition: one }, one === now ? 1 : 0);
    },
  });
  registry.registerMetric(condition);
  const perLimit = (name: string, help: string, of: (use: { used: number; limit: number }) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['endpoint', 'limit'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [limit, use] of Object.entries(read().endpoint?.use ?? {})) this.set({ endpoint, limit }, of(use));
      },
    });
  perLimit('podline_limiter_limit', 'What each limit allows in its window.', ({ limit }) => limit);
  perLimit('podline_limiter_used', 'How much of each limit is used in the window that ends now.', ({ used }) => used);
}

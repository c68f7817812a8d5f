import { page } from './page.ts';
import { chart, stat } from './panels.ts';

/** How much of the API's limits is used, who waits for it, and what the provider says. */
export const limiter = page({
  uid: 'podline-limiter',
  title: 'podline: rate limiter',
  description: 'How much of each limit is used, who waits for it, and what the provider says.',
  sections: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Open endpoints',
          description: 'Share of the endpoints at which calls may be sent.',
          unit: 'percentunit',
          warnAt: 1,
          failAt: 0.5,
          width: 6,
          queries: [{ expr: 'avg(max by (endpoint) (podline_limiter_condition{condition="open"}))', legend: 'open' }],
        }),
        stat({
          title: 'Stopped by quota',
          description:
            'Endpoints whose account is served no more, until somebody resumes them: `podline limits resume`.',
          unit: 'none',
          failAt: 1,
          width: 6,
          queries: [
            { expr: 'sum(max by (endpoint) (podline_limiter_condition{condition="stopped"}))', legend: 'stopped' },
          ],
        }),
        stat({
          title: 'Waiting calls',
          description: 'Calls of all replicas that wait for a permit.',
          unit: 'none',
          width: 6,
          queries: [{ expr: 'sum(podline_limiter_waiting)', legend: 'waiting' }],
        }),
        stat({
          title: '429s, last hour',
          description:
            'Times the provider said that a limit was exceeded. Should be 0: the limits may be set too high.',
          unit: 'none',
          warnAt: 1,
          failAt: 10,
          width: 6,
          queries: [{ expr: 'sum(increase(podline_limiter_throttled_total{over_limit="true"}[1h]))', legend: '429s' }],
        }),
      ],
    },
    {
      title: 'Use',
      panels: [
        chart({
          title: 'Use of each limit',
          description: 'Share of the limit that is used in the window that ends now, in the whole cluster.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: 'max by (endpoint, limit) (podline_limiter_used) / max by (endpoint, limit) (podline_limiter_limit)',
              legend: '{{endpoint}} {{limit}}',
            },
          ],
        }),
        chart({
          title: 'Limits',
          description: 'What is in force. A step is somebody’s change: `podline limits`.',
          unit: 'short',
          queries: [{ expr: 'max by (endpoint, limit) (podline_limiter_limit)', legend: '{{endpoint}} {{limit}}' }],
        }),
        chart({
          title: 'Permits',
          description: 'Per minute, by how asking for them ended. gave-up: the job is tried again later.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (endpoint, result) (rate(podline_limiter_permits_total[$__rate_interval])) * 60',
              legend: '{{endpoint}} {{result}}',
            },
          ],
        }),
        chart({
          title: 'Wait for a permit',
          description: 'From asking to having. Long waits at full use are what a limit means.',
          unit: 's',
          queries: [0.5, 0.95].map((share) => ({
            expr: `histogram_quantile(${share}, sum by (le, endpoint) (rate(podline_limiter_wait_seconds_bucket[$__rate_interval])))`,
            legend: `{{endpoint}} ${100 * share} %`,
          })),
        }),
        chart({
          title: 'What permits wait for',
          description: 'Per minute: the rate, the number of calls at once, a pause, or a state nobody can reach.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (endpoint, reason) (rate(podline_limiter_waits_total[$__rate_interval])) * 60',
              legend: '{{endpoint}} {{reason}}',
            },
          ],
        }),
        chart({
          title: 'Factor',
          description: 'Share of the limits in use after 429s; it recovers by itself.',
          unit: 'percentunit',
          max: 1,
          queries: [{ expr: 'min by (endpoint) (podline_limiter_factor)', legend: '{{endpoint}}' }],
        }),
      ],
    },
    {
      title: 'What the calls use',
      panels: [
        chart({
          title: 'Tokens',
          description: 'As the provider counts them, per minute.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (endpoint, direction) (rate(podline_api_tokens_total[$__rate_interval])) * 60',
              legend: '{{endpoint}} {{direction}}',
            },
          ],
        }),
        chart({
          title: 'Audio sent',
          description: 'Seconds of audio in a second.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (endpoint) (rate(podline_api_audio_seconds_total[$__rate_interval]))',
              legend: '{{endpoint}}',
            },
          ],
        }),
        chart({
          title: 'Calls the budget did not hold',
          description: 'Per hour: of the whole cluster (all), or of one feed.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (endpoint, scope) (rate(podline_budget_reached_total[$__rate_interval])) * 3600',
              legend: '{{endpoint}} {{scope}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'The provider, and the shared state',
      panels: [
        chart({
          title: '429s and 503s',
          description: 'Per minute. Each pauses the whole cluster for as long as the provider asks.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (endpoint, over_limit) (rate(podline_limiter_throttled_total[$__rate_interval])) * 60',
              legend: '{{endpoint}}, over the limit: {{over_limit}}',
            },
          ],
        }),
        chart({
          title: 'Condition',
          description: '1 for the condition each endpoint is in.',
          unit: 'none',
          max: 1,
          queries: [
            {
              expr: 'max by (endpoint, condition) (podline_limiter_condition)',
              legend: '{{endpoint}} {{condition}}',
            },
          ],
        }),
        chart({
          title: 'Conflicts per permit',
          description:
            'Compare-and-sets lost to another replica, per granted permit. Above 5, replicas are in each other’s way.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (endpoint) (rate(podline_limiter_swaps_total{result="conflict"}[$__rate_interval])) / (sum by (endpoint) (rate(podline_limiter_permits_total{result="granted"}[$__rate_interval])) > 0)',
              legend: '{{endpoint}}',
            },
          ],
        }),
        chart({
          title: 'Compare-and-sets',
          description: 'Per second, by result. unknown: NATS did not answer, and the permits were not used.',
          unit: 'ops',
          queries: [
            {
              expr: 'sum by (endpoint, result) (rate(podline_limiter_swaps_total[$__rate_interval]))',
              legend: '{{endpoint}} {{result}}',
            },
          ],
        }),
        chart({
          title: 'Stops and rebuilds',
          description: 'How often the quota was exhausted, and how often an unusable state was made anew.',
          unit: 'short',
          queries: [
            { expr: 'sum by (endpoint) (podline_limiter_stopped_total)', legend: '{{endpoint}} stopped' },
            { expr: 'sum by (endpoint) (podline_limiter_rebuilt_total)', legend: '{{endpoint}} rebuilt' },
          ],
        }),
      ],
    },
  ],
});

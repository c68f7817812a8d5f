import { find, render } from './helm.ts';

/** Passwords of the chart's NATS users in tests. */
const passwordOf = (user: string): string => `password-of-${user}`;

/** nats.conf as the chart writes it. */
export async function chartNatsConfig(helm: string, values: object = {}): Promise<string> {
  const { data } = find(await render(helm, values), 'ConfigMap', 'podline-nats') as unknown as {
    data: Record<string, string>;
  };
  return data['nats.conf'] ?? '';
}

/** The users of that configuration and what each may do, with passwords filled in: `extraConfig` of a test server. */
export async function chartNatsUsers(helm: string): Promise<string> {
  const config = await chartNatsConfig(helm);
  return config
    .slice(config.indexOf('authorization {'))
    .replaceAll(/\$NATS_PASSWORD_(\w+)/g, (_, user: string) =>
      JSON.stringify(passwordOf(user.toLowerCase().replaceAll('_', '-'))),
    );
}

/** The environment the chart gives a service to log in with. */
export function chartNatsEnv(user: string) {
  return { NATS_USER: user, NATS_PASSWORD: passwordOf(user), NATS_INBOX_PREFIX: `_INBOX_${user}` };
}

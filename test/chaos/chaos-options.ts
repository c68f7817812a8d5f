import { parseArgs } from 'node:util';

export interface ChaosOptions {
  /** Episodes in the storm of SIGKILLs. */
  episodes: number;
  /** Of these, the ones real whisper hears. */
  real: number;
  /** Of these, the ones the API hears. */
  paid: number;
  /** SIGKILLs of replicas. */
  kills: number;
  /** SIGKILLs of the NATS server. */
  natsKills: number;
  /** Mean time between two kills, in milliseconds. */
  paceMs: number;
  /** How long NATS stays away in one piece, in seconds; 0 leaves that part out. */
  awaySeconds: number;
  /** Episodes at work when it goes. */
  awayEpisodes: number;
  /** Episodes at work while all replicas are restarted by SIGTERM. */
  rollingEpisodes: number;
  /** Rounds of rolling restarts. */
  rolls: number;
  seed: number;
  /** A real Prometheus watches, where one is installed; the alerts that fire are held against what happened. */
  watched: boolean;
}

const DEFAULTS: ChaosOptions = {
  episodes: 300,
  real: 12,
  paid: 30,
  kills: 1000,
  natsKills: 6,
  paceMs: 700,
  awaySeconds: 300,
  awayEpisodes: 12,
  rollingEpisodes: 60,
  rolls: 3,
  seed: 1,
  watched: true,
};

const FLAGS: Record<string, Exclude<keyof ChaosOptions, 'watched'>> = {
  episodes: 'episodes',
  real: 'real',
  paid: 'paid',
  kills: 'kills',
  'nats-kills': 'natsKills',
  'pace-ms': 'paceMs',
  'away-seconds': 'awaySeconds',
  'away-episodes': 'awayEpisodes',
  'rolling-episodes': 'rollingEpisodes',
  rolls: 'rolls',
  seed: 'seed',
};

/** @throws Error for an unknown flag, or a value that is not a whole number. */
export function chaosOptions(args: readonly string[]): ChaosOptions {
  const numbers = Object.fromEntries(Object.keys(FLAGS).map((flag) => [flag, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options: { ...numbers, unwatched: { type: 'boolean' } } });
  const { unwatched = false, ...rest } = values;
  const given = Object.entries(rest).map(([flag, value]) => {
    if (!/^\d+$/.test(String(value))) throw new Error(`--${flag}: expected a whole number (got "${String(value)}").`);
    return [FLAGS[flag], Number(value)] as const;
  });
  return { ...DEFAULTS, ...Object.fromEntries(given), watched: !unwatched };
}

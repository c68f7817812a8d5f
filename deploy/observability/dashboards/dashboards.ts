import { limiter } from './limiter.ts';
import { overview } from './overview.ts';
import { stages } from './stages.ts';
import { whisperEngines } from './whisper-engines.ts';

/** All dashboards. */
export const DASHBOARDS = [overview, stages, limiter, whisperEngines] as const;

export type Dashboard = (typeof DASHBOARDS)[number];

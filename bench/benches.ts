import type { Bench } from './suite/bench.ts';
import { cardinality } from './observability/cardinality.ts';
import { jobs } from './observability/jobs.ts';
import { watching } from './observability/watching.ts';
import { download } from './pipeline/download.ts';
import { engine } from './pipeline/engine.ts';
import { eta } from './pipeline/eta.ts';
import { growth } from './pipeline/growth.ts';
import { longEpisode } from './pipeline/long-episode.ts';
import { order } from './pipeline/order.ts';
import { overhead } from './pipeline/overhead.ts';
import { replicas } from './pipeline/replicas.ts';
import { spreading } from './pipeline/spread.ts';
import { stages } from './pipeline/stages.ts';
import { searching } from './search/searching.ts';
import { openaiPath } from './openai/openai-path.ts';
import { start } from './pipeline/start.ts';

/** All that `npm run bench` measures, in its order. */
export const BENCHES: readonly Bench[] = [
  start,
  download,
  stages,
  order,
  replicas,
  growth,
  eta,
  longEpisode,
  engine,
  overhead,
  jobs,
  watching,
  spreading,
  openaiPath,
  cardinality,
  searching,
];

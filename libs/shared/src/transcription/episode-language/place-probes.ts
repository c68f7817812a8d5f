import { type Manifest, SAMPLE_RATE } from '#shared/contracts/manifest';
import { intersectionOf, type Span } from '../spans.ts';

/** A place to listen for the language, inside the audio of one chunk. Times in seconds from the start of the episode. */
export interface ProbePlace {
  chunk: number;
  start: number;
  end: number;
}

/** What an engine looks at to tell a language: the first 30 s of what it is given. */
const PROBE_SECONDS = 30;
/** One place for each minute of a short episode; more would overlap. */
const SECONDS_PER_PROBE = 60;
/** The jingle and the advertisement before the show: the first tenth, of a long episode the first two minutes. */
const LEAD = { share: 0.1, mostSeconds: 120 };
/** Nobody talks longer without a pause of 0.3 s, and music does: what lasts longer, in seconds, says no more of talk. */
const LONGEST_TALK = 10;

interface Candidate extends ProbePlace {
  worth: number;
}

/**
 * Where to listen: as many places as asked for, spread over the episode behind its opening, each where the map of silence
 * shows the most talk, that is sound with pauses. In the order to listen in: the middle, both ends, the rest.
 */
export function placeProbes(plan: Pick<Manifest, 'samples' | 'speech' | 'chunks'>, count: number): ProbePlace[] {
  const seconds = plan.samples / SAMPLE_RATE;
  const candidates = candidatesOf(plan);
  const wanted = Math.max(1, Math.min(count, Math.ceil(seconds / SECONDS_PER_PROBE)));
  const lead = Math.min(LEAD.mostSeconds, seconds * LEAD.share);
  const behind = candidates.filter(({ start }) => start >= lead);
  const [from, usable] = behind.length > 0 ? [lead, behind] : [0, candidates];
  const places: ProbePlace[] = [];
  for (let stretch = 0; stretch < wanted; stretch++) {
    const border = (at: number): number => from + ((seconds - from) * at) / wanted;
    const inside = usable.filter(({ start }) => start >= border(stretch) && start < border(stretch + 1));
    const best = inside.toSorted((a, b) => b.worth - a.worth || a.start - b.start)[0];
    if (best) places.push({ chunk: best.chunk, start: best.start, end: best.end });
  }
  return listeningOrder(places);
}

/** Every place that begins where a sound begins, so that no word is cut at its start. */
function candidatesOf({ speech, chunks }: Pick<Manifest, 'speech' | 'chunks'>): Candidate[] {
  return chunks
    .filter(({ silent }) => !silent)
    .flatMap(({ index, startSample, endSample }) => {
      const chunk: Span = [startSample / SAMPLE_RATE, endSample / SAMPLE_RATE];
      const sounds = intersectionOf([chunk], speech);
      return sounds.map(([start], at): Candidate => {
        const end = Math.min(start + PROBE_SECONDS, chunk[1]);
        let worth = 0;
        for (let next = at; (sounds[next]?.[0] ?? Infinity) < end; next++) {
          const [from, to] = sounds[next] ?? [0, 0];
          worth += Math.min(to - from, end - from, LONGEST_TALK);
        }
        return { chunk: index, start, end, worth };
      });
    });
}

function listeningOrder(places: readonly ProbePlace[]): ProbePlace[] {
  const first = new Set([Math.floor(places.length / 2), 0, places.length - 1]);
  const rest = places.filter((_, at) => !first.has(at));
  return [...[...first].flatMap((at) => places[at] ?? []), ...rest];
}

import type { CallCost, EpisodeCost } from '#shared/contracts/cost';
import { CHUNK_DONE, type EpisodeState } from '#shared/contracts/episode-state';
import { isFinished } from '#shared/contracts/episode-transitions';
import { turnOfEpisode, TURNS } from '#shared/contracts/turn';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { currentBatch } from '../batch/current-batch.ts';
import { episodeWork } from '../batch/episode-work.ts';
import { type Totals, totalsOf } from '../batch/totals.ts';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';
import { money } from './budget.ts';
import { clock } from '../view/clock.ts';
import { errorLines } from '../view/error-lines.ts';
import { totalsLines } from '../view/batch-lines.ts';
import { costText, countsText } from '../view/totals-text.ts';

/** `podline status [id]`: one episode in full, or all in a table, newest first. */
export async function status(episodeId: string | undefined, options: { json?: boolean }): Promise<number> {
  return withSession(async (client) => {
    if (episodeId !== undefined) {
      const state = await client.episodes.get(episodeId);
      if (!state) throw new UsageError(`There is no episode "${episodeId}".`);
      console.log(options.json ? JSON.stringify(state, undefined, 2) : details(state));
      return EXIT.done;
    }
    const states: EpisodeState[] = [];
    for await (const state of client.episodes.list()) states.push(state);
    states.sort((a, b) => b.at.accepted.localeCompare(a.at.accepted));
    const now = Date.now();
    const work = states.map(episodeWork);
    const queued = await client.queued();
    const unseen = Math.max(0, queued - work.filter(({ status: one }) => one === 'accepted').length);
    const batch = currentBatch(work, now);
    const totals = totalsOf(work, now, undefined, unseen);
    const current = totalsOf(
      work.filter((one) => batch.has(one.episodeId)),
      now,
      undefined,
      unseen,
    );
    console.log(
      options.json
        ? JSON.stringify({ totals, batch: current, episodes: states }, undefined, 2)
        : table(states, totals, current),
    );
    return EXIT.done;
  });
}

function table(states: readonly EpisodeState[], totals: Totals, batch: Totals): string {
  if (states.length === 0 && totals.queued === 0)
    return 'No episodes yet. Publish one: podline submit <audio URL | file | feed URL>';
  const rows = states.map((state) =>
    [
      state.episodeId.padEnd(24),
      state.status.padEnd(12),
      chunksOf(state).padEnd(9),
      (state.seconds === undefined ? '' : clock(state.seconds)).padStart(8),
      ` ${plainText(state.errors.at(-1)?.message && state.status === 'failed' ? (state.errors.at(-1)?.message ?? '') : (state.title ?? state.request?.url ?? ''), 100)}`,
    ].join(' '),
  );
  return [
    `${'EPISODE'.padEnd(24)} ${'STATUS'.padEnd(12)} ${'CHUNKS'.padEnd(9)} ${'LENGTH'.padStart(8)}  TITLE OR ERROR`,
    ...rows,
    '',
    ...totalsText(totals, batch),
  ].join('\n');
}

/** All there is in one line; what is at work, by its stages. */
function totalsText(totals: Totals, batch: Totals): string[] {
  const { done = 0, failed = 0, cancelled = 0 } = batch.byStatus;
  const audio = `${clock(totals.audioSeconds)} of audio`;
  const all = [`${totals.episodes} episodes`, audio, countsText(totals), ...costText(totals)].join('  ');
  const atWork = batch.episodes + batch.queued > done + failed + cancelled;
  return atWork ? [all, '', 'At work:', ...totalsLines(batch)] : [all];
}

function chunksOf(state: EpisodeState): string {
  const done = [...state.chunks].filter((mark) => mark === CHUNK_DONE).length;
  return state.chunks === '' ? '' : `${done}/${state.chunks.length}`;
}

function episodeCost({ transcript, summary }: EpisodeCost): string {
  const of = (name: string, cost: CallCost | undefined): string[] => {
    if (!cost) return [];
    const dollars = cost.dollars === undefined ? 'price unknown' : money(cost.dollars);
    const audio = cost.audioSeconds > 0 ? `, ${clock(cost.audioSeconds)} of audio` : '';
    const tokens = cost.inputTokens > 0 ? `, ${cost.inputTokens} + ${cost.outputTokens} tokens` : '';
    return [`${name} ${dollars} (${cost.calls} calls${audio}${tokens})`];
  };
  return [...of('transcript', transcript), ...of('summary', summary)].join(', ');
}

/** Which of the lane's turns its next jobs take. */
function turnText(state: EpisodeState): string {
  return `turn ${turnOfEpisode(state, state.seconds, Date.now())} of 0 to ${TURNS.length - 1}`;
}

function details(state: EpisodeState): string {
  const rows: [string, string | undefined][] = [
    ['episode', state.episodeId],
    ['title', state.title && plainText(state.title)],
    ['status', state.status],
    ['lane', isFinished(state.status) ? state.lane : `${state.lane}, ${turnText(state)}`],
    ['url', state.request && plainText(withoutCredentials(state.request.url), 300)],
    ['length', state.seconds === undefined ? undefined : clock(state.seconds)],
    ['cost', state.cost && episodeCost(state.cost)],
    ['waits', state.held && plainText(`${state.held.message} [${state.held.reason}]`, 500)],
    ['chunks', state.chunks === '' ? undefined : `${chunksOf(state)}  ${state.chunks}`],
    ...Object.entries(state.at),
  ];
  const lines = rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(12)} ${value}`]));
  return state.errors.length === 0 ? lines.join('\n') : [...lines, 'errors', ...errorLines(state)].join('\n');
}

import { resummarizeEpisode } from '#shared/client/resummarize-episode';
import { SUMMARY_PROVIDERS } from '#shared/contracts/names';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { UsageError } from '../usage-error.ts';

export interface ResummarizeOptions {
  provider: string;
  model?: string;
  sentences?: string;
}

/** `podline resummarize <id>`: a new summary of the transcript that is there. */
export async function resummarize(episodeId: string, options: ResummarizeOptions): Promise<number> {
  const wish = {
    provider: oneOf('--provider', options.provider, SUMMARY_PROVIDERS) ?? 'extractive',
    model: options.model,
    sentences: options.sentences === undefined ? undefined : wholeNumber('--sentences', options.sentences),
  };
  return withSession(async (client) => {
    const state = await client.episodes.get(episodeId);
    if (!state) throw new UsageError(`There is no episode "${episodeId}".`);
    await resummarizeEpisode(client, state, wish);
    console.log(`${episodeId}  ${wish.provider}`);
    return EXIT.done;
  });
}

import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { MINUTE } from '#shared/config/defaults';
import { manifestKey } from '#shared/contracts/artifact-keys';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import { type Manifest, manifestSchema } from '#shared/contracts/manifest';
import { jobStream } from '#shared/contracts/subjects';
import { connectNats } from '#shared/jetstream/connect';
import { readJson } from '#shared/storage/json-blobs';
import type { ServiceStack } from '../../test/support/service-stack.ts';
import { until } from '../../test/support/until.ts';

const MAX_MANIFEST_BYTES = 10_000_000;

/** Publishes an episode where nobody transcribes, waits until all its chunks are handed on, and takes their jobs away. */
export async function cutOnly(
  { client, nats }: ServiceStack,
  request: Partial<EpisodeRequest> & { id: string; url: string },
): Promise<Manifest> {
  await publishEpisode(client, request);
  const read = () => readJson(client.results, manifestKey(request.id), manifestSchema, MAX_MANIFEST_BYTES);
  await until(async () => (await read()) !== undefined, 'the cut', 5 * MINUTE);
  const manifest = await read();
  if (manifest === undefined) throw new Error('The downloader left no manifest.');
  const spoken = manifest.chunks.filter(({ silent }) => !silent).length;
  const connection = await connectNats({ NATS_URL: nats.url }, 'bench');
  try {
    const { streams } = await connection.jetstreamManager();
    const stream = jobStream('transcribe-whisper');
    await until(async () => (await streams.info(stream)).state.messages === spoken, 'the chunks', 5 * MINUTE);
    await streams.purge(stream);
  } finally {
    await connection.close();
  }
  return manifest;
}

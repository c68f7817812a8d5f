import { episodeRequestSchema } from '#shared/contracts/episode-request';
import { type Manifest, SAMPLE_RATE } from '#shared/contracts/manifest';

export interface EvenCut {
  chunks: number;
  chunkSeconds: number;
  model: string;
  language: string;
  /** Digest of the audio: another source is another cut. */
  source?: string;
  /** Stretches of speech in seconds; by default all of it. */
  speech?: Manifest['speech'];
}

/** How an episode for whisper is cut into chunks of one length. */
export function evenManifest(episodeId: string, cut: EvenCut): Manifest {
  const { chunks, chunkSeconds, model, language, source = 'a'.repeat(64), speech } = cut;
  const chunk = chunkSeconds * SAMPLE_RATE;
  return {
    v: 1,
    episodeId,
    request: episodeRequestSchema.parse({ url: 'https://example.com/a.mp3' }),
    options: {
      provider: 'whisper',
      model,
      language,
      chunkSeconds,
      decoding: {},
      lane: 'normal',
      summary: { provider: 'extractive' },
    },
    source: { bytes: 1, sha256: source, codec: 'mp3', channels: 1, sampleRate: 44_100, container: 'mp3' },
    samples: chunks * chunk,
    speech: speech ?? [[0, chunks * chunkSeconds]],
    chunks: Array.from({ length: chunks }, (_, index) => ({
      index,
      startSample: index * chunk,
      endSample: (index + 1) * chunk,
      cutSample: index * chunk,
      silent: false,
    })),
  };
}

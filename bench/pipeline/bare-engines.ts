import { audioKey } from '#shared/transcription/continue-episode';
import { startWhisperServer } from '../../test/support/whisper-server.ts';
import { cutOnly } from './cut-only.ts';
import { withSpeechStack } from './speech-stack.ts';

/** The chunks' audio as the downloader makes it, in their order. */
export async function cutByDownloader(episode: string): Promise<Uint8Array[]> {
  return withSpeechStack(episode, ['downloader'], {}, async (stack, url) => {
    const { client } = stack;
    const manifest = await cutOnly(stack, { id: 'cut', url, options: { language: 'en' } });
    const keys = manifest.chunks.map((chunk) => audioKey(manifest, chunk));
    const blobs = await Promise.all(keys.map((key) => client.audio.read(key, { maxBytes: 100_000_000 })));
    return blobs.filter((blob) => blob !== undefined);
  });
}

/** Sends the chunks to engines and nothing else: each takes the next when it has answered. @returns seconds for all. */
export async function bareEngines(chunks: readonly Uint8Array[], engines: number): Promise<number> {
  const servers = await Promise.all(Array.from({ length: engines }, () => startWhisperServer()));
  const next = chunks.values();
  try {
    const started = performance.now();
    await Promise.all(
      servers.map(async ({ baseURL }) => {
        for (const chunk of next) await ask(baseURL, chunk);
      }),
    );
    return (performance.now() - started) / 1000;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function ask(baseURL: string, chunk: Uint8Array): Promise<void> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(chunk)], 'chunk.flac'));
  form.set('response_format', 'verbose_json');
  form.set('language', 'en');
  const answer = await fetch(`${baseURL}/audio/transcriptions`, { method: 'POST', body: form });
  if (!answer.ok) throw new Error(`whisper-server answered ${answer.status}: ${await answer.text()}`);
  await answer.json();
}

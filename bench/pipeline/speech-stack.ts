import { file, startMediaServer } from '../../test/support/media-server.ts';
import { type ServiceStack, startServiceStack } from '../../test/support/service-stack.ts';
import type { ServiceName } from '../../apps/cli/src/stack/local-stack.ts';

/** Real services and a server that has one episode, for as long as the work takes. */
export async function withSpeechStack<T>(
  episode: string,
  services: readonly ServiceName[],
  env: Record<string, string>,
  work: (stack: ServiceStack, url: string) => Promise<T>,
): Promise<T> {
  const media = await startMediaServer({ '/episode.mp3': file(episode) });
  try {
    const stack = await startServiceStack(
      { DOWNLOAD_ALLOW_HOSTS: media.host, MIN_CHUNK_SECONDS: '10', ACK_WAIT_SECONDS: '30', ...env },
      services,
    );
    try {
      return await work(stack, media.url('/episode.mp3'));
    } finally {
      await stack.stop();
    }
  } finally {
    await media.close();
  }
}

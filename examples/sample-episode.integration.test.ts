import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { parseRssFeed } from 'feedsmith';
import { z } from 'zod';
import { readScript } from './script.ts';

const here = import.meta.dirname;
const read = (file: string): Promise<string> => readFile(join(here, file), 'utf8');

const probeSchema = z.object({
  format: z.object({ duration: z.coerce.number(), tags: z.record(z.string(), z.string()) }),
  streams: z.array(z.object({ codec_name: z.string(), channels: z.number(), sample_rate: z.string() })),
});

async function probe(): Promise<z.infer<typeof probeSchema>> {
  const show = ['-show_format', '-show_streams', '-of', 'json'];
  const { stdout } = await execa('ffprobe', ['-v', 'error', ...show, join(here, 'sample-episode.mp3')]);
  return probeSchema.parse(JSON.parse(stdout));
}

describe('the sample episode', () => {
  test('its reference is what the script says, a paragraph a turn', async () => {
    const { turns } = await readScript(join(here, 'script.json'));
    expect((await read('reference.txt')).trimEnd().split('\n\n')).toEqual(turns.map(({ text }) => text));
  });

  test('it is five to eight minutes of mono MP3 under 4 MB, with its tags', async () => {
    const { format, streams } = await probe();
    expect(format.duration).toBeGreaterThan(300);
    expect(format.duration).toBeLessThan(480);
    expect((await stat(join(here, 'sample-episode.mp3'))).size).toBeLessThan(4_000_000);
    expect(streams).toMatchObject([{ codec_name: 'mp3', channels: 1, sample_rate: '44100' }]);
    expect(format.tags).toMatchObject({
      title: 'How a lighthouse says its name',
      artist: 'The podline project',
      album: 'Small Wonders',
      date: '2025-11-03',
      comment: expect.stringContaining('synthetic'),
    });
  });

  test('its feed describes the file that lies beside it', async () => {
    const feed = parseRssFeed(await read('feed.xml'));
    const item = feed.items?.[0];
    const { size } = await stat(join(here, 'sample-episode.mp3'));
    expect(feed.items).toHaveLength(1);
    expect(feed).toMatchObject({ title: 'Small Wonders', language: 'en', podcast: { medium: 'podcast' } });
    expect(item).toMatchObject({
      guid: { value: 'small-wonders-1', isPermaLink: false },
      pubDate: 'Mon, 03 Nov 2025 06:00:00 GMT',
      enclosures: [{ url: 'https://podline.example/sample-episode.mp3', length: size, type: 'audio/mpeg' }],
      podcast: {
        persons: [
          { display: 'Anna', role: 'host' },
          { display: 'Martin', role: 'guest' },
        ],
      },
    });
    expect(item?.itunes?.duration).toBe(Math.round((await probe()).format.duration));
  });
});

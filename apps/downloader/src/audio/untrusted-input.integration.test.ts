import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { fakeAudio, type LocalServer, serve } from '../../../../test/support/local-server.ts';
import { decode } from './decode.ts';
import { babble, make, testFolder } from './media-files.test-support.ts';
import { probe } from './probe.ts';

const file = testFolder();
let secret: string;

beforeAll(async () => {
  secret = await make(file('secret.mp3'), ...babble(1));
});

const playlist = (entry: string, key = ''): string =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${key}#EXTINF:2,\n${entry}\n#EXT-X-ENDLIST\n`;
const manifest = (base: string): string =>
  '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S"><Period>' +
  `<AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${base}</BaseURL></Representation></AdaptationSet></Period></MPD>`;

/** Files that ffmpeg, left alone, opens as lists of other files or hosts; with the name that makes it believe them. */
const attacks: [what: string, name: string, content: (server: LocalServer) => string][] = [
  ['a playlist of local files', 'a.m3u8', () => playlist(secret)],
  ['a playlist of file URLs', 'b.m3u8', () => playlist(`file://${secret}`)],
  ['a playlist on another host', 'c.m3u8', ({ origin }) => playlist(`${origin}/a.ts`)],
  [
    'a playlist with a key on another host',
    'd.m3u8',
    ({ origin }) => playlist(secret, `#EXT-X-KEY:METHOD=AES-128,URI="${origin}/key"\n`),
  ],
  ['a playlist under a false name', 'e.mp3', () => playlist(secret)],
  ['a list of files to join', 'f.ffconcat', () => 'ffconcat version 1.0\nfile secret.mp3\n'],
  ['a list without a name', 'source', () => 'ffconcat version 1.0\nfile secret.mp3\n'],
  ['a list of hosts to join', 'g.ffconcat', ({ origin }) => `ffconcat version 1.0\nfile '${origin}/a.mp3'\n`],
  ['a stream manifest', 'h.mpd', ({ origin }) => manifest(`${origin}/a.mp4`)],
  [
    'a session description',
    'i.sdp',
    ({ port }) => `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio ${port} RTP/AVP 0\n`,
  ],
];

describe('a file that names other files or hosts', () => {
  test.each(attacks)('is refused, and nothing else is read: %s', async (_what, name, content) => {
    await using server = await serve((_request, response) => void response.end(fakeAudio(1000)));
    await writeFile(file(name), content(server));
    await Promise.all([
      expect(probe(file(name))).rejects.toMatchObject({ retryable: false, reason: 'not-audio' }),
      expect(decode(file(name), file(`${name}.pcm`), { maxSeconds: 60 })).rejects.toMatchObject({
        retryable: false,
        reason: 'not-audio',
      }),
    ]);
    expect(server.requests).toEqual([]);
  });

  test('does harm where nobody forbids it, even where only files may be opened', async () => {
    await using server = await serve((_request, response) => void response.end(fakeAudio(1000)));
    const open = (name: string, protocols: string) =>
      execa('ffprobe', ['-v', 'error', '-protocol_whitelist', protocols, '-show_entries', 'stream', file(name)], {
        reject: false,
      });
    await writeFile(file('join.ffconcat'), 'ffconcat version 1.0\nfile secret.mp3\n');
    await writeFile(file('list.m3u8'), playlist(secret));
    await writeFile(file('far.m3u8'), playlist(`${server.origin}/a.ts`));
    expect((await open('join.ffconcat', 'file')).stdout).toContain('codec_name=mp3');
    expect((await open('list.m3u8', 'file')).stdout).toContain('codec_name=mp3');
    await open('far.m3u8', 'file,http,tcp');
    expect(server.requests.length).toBeGreaterThan(0);
  });
});

import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { feedXml } from './feed.ts';
import { CLOSING, jingle, OPENING } from './jingle.ts';
import { readScript, referenceOf, type Script, type Speaker } from './script.ts';
import { synthesise, type Voice } from './speech.ts';

const VOICES: Record<Speaker, Voice> = { Anna: 'slt', Martin: 'rms' };
const SITE = 'https://podline.example';
const FILE = 'sample-episode.mp3';
const SAMPLE_RATE = 44_100;

const here = import.meta.dirname;
const script = await readScript(join(here, 'script.json'));
const folder = await mkdtemp(join(tmpdir(), 'podline-episode-'));
try {
  const speech = join(folder, 'speech.wav');
  await synthesise(
    script.turns.map(({ speaker, text, pause }) => ({ voice: VOICES[speaker], text, pause })),
    speech,
  );
  await encode(speech, join(here, FILE), script);
} finally {
  await rm(folder, { recursive: true, force: true });
}
await writeFile(join(here, 'reference.txt'), referenceOf(script));
await writeFile(join(here, 'feed.xml'), await feedFor(script));

/** Opening jingle, speech, closing jingle, as an MP3 with ID3 tags; without dates or versions that change by themselves. */
async function encode(speech: string, target: string, { title, show, author, date, description }: Script) {
  const tags = { title, artist: author, album: show, genre: 'Podcast', date: date.slice(0, 10), comment: description };
  const opening = ['-f', 'lavfi', '-i', jingle(OPENING, 3.2, SAMPLE_RATE)];
  const closing = ['-f', 'lavfi', '-i', jingle(CLOSING, 4, SAMPLE_RATE)];
  const joined = `[1:a]aresample=${SAMPLE_RATE}[speech];[0:a][speech][2:a]concat=n=3:v=0:a=1`;
  const encoding = ['-ac', '1', '-c:a', 'libmp3lame', '-b:a', '64k'];
  const exact = ['-fflags', '+bitexact', '-flags:a', '+bitexact', '-map_metadata', '-1', '-id3v2_version', '3'];
  const metadata = Object.entries(tags).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
  const quiet = ['-hide_banner', '-loglevel', 'error', '-y'];
  const inputs = [...opening, '-i', speech, ...closing];
  await execa('ffmpeg', [...quiet, ...inputs, '-filter_complex', joined, ...encoding, ...exact, ...metadata, target]);
}

async function feedFor({ show, showDescription, author, title, description, date }: Script): Promise<string> {
  const file = join(here, FILE);
  const { stdout } = await execa('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'format=duration',
    '-of',
    'csv=p=0',
    file,
  ]);
  return feedXml({
    show,
    author,
    showDescription,
    site: SITE,
    podcastGuid: '3bd8d462-cfda-5afd-96ca-74715cb9dd0b',
    episode: {
      title,
      description,
      guid: 'small-wonders-1',
      published: new Date(date),
      file: FILE,
      bytes: (await stat(file)).size,
      seconds: Number(stdout),
      people: [
        { name: 'Anna', role: 'host' },
        { name: 'Martin', role: 'guest' },
      ],
    },
  });
}

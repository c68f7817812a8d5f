import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT } from '../exit-codes.ts';
import { fetchFile, type PinnedFile } from '../model/fetch-file.ts';
import { findPaths } from '../paths.ts';
import { UsageError } from '../usage-error.ts';

const modelsSchema = z.record(
  z.string(),
  z.looseObject({
    file: z.string(),
    url: z.string().nullable(),
    bytes: z.number(),
    sha256: z.string(),
    languages: z.string(),
    memoryMB: z.number(),
  }),
);
type Models = z.infer<typeof modelsSchema>;

export interface FetchOptions {
  folder?: string;
  /** Fetch `<mirror>/<file>` instead of the pinned address. */
  mirror?: string;
  url?: string;
  sha256?: string;
}

/** How often progress is told, in milliseconds. */
const TOLD_EVERY_MS = 2000;

/** `podline model list`: every model known by name. */
export async function modelList(options: { json?: boolean }): Promise<number> {
  const models = await readModels();
  if (options.json) console.log(JSON.stringify(models, undefined, 2));
  else {
    for (const [name, { bytes, languages, memoryMB }] of Object.entries(models)) {
      console.log(
        `${name.padEnd(22)} ${megabytes(bytes).padStart(8)}  ${String(memoryMB).padStart(5)} MB of memory  ${languages}`,
      );
    }
  }
  return EXIT.done;
}

/** `podline model fetch <name...>`: downloads models by name, each checked against its pinned SHA-256. */
export async function modelFetch(names: string[], options: FetchOptions): Promise<number> {
  const folder = options.folder ?? findPaths().models;
  const models = await readModels();
  for (const name of names) {
    const { file, pinned } = options.url === undefined ? known(models, name, options.mirror) : own(name, options);
    let told = performance.now();
    const fetched = await fetchFile(join(folder, file), pinned, (bytes) => {
      if (performance.now() - told < TOLD_EVERY_MS) return;
      told = performance.now();
      console.log(`${name}: ${megabytes(bytes)}${pinned.bytes === undefined ? '' : ` of ${megabytes(pinned.bytes)}`}`);
    });
    console.log(`${name}: ${fetched ? 'fetched to' : 'already at'} ${join(folder, file)}, SHA-256 as pinned`);
  }
  return EXIT.done;
}

function known(models: Models, name: string, mirror: string | undefined): { file: string; pinned: PinnedFile } {
  const model = models[name];
  if (!model) throw new UsageError(`There is no model "${name}"; podline model list shows all.`);
  const url = mirror === undefined ? model.url : `${mirror.replace(/\/$/, '')}/${model.file}`;
  if (url === null) throw new UsageError(`"${name}" comes with podline and can't be fetched: models/${model.file}.`);
  return { file: model.file, pinned: { url, sha256: model.sha256, bytes: model.bytes } };
}

function own(name: string, { url = '', sha256 = '' }: FetchOptions): { file: string; pinned: PinnedFile } {
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw new UsageError(`--sha256: expected 64 hexadecimal digits; got "${sha256}".`);
  if (!/^[\w.-]+$/.test(name)) throw new UsageError(`"${name}" can't be the name of a file.`);
  return { file: name, pinned: { url, sha256 } };
}

async function readModels(): Promise<Models> {
  return modelsSchema.parse(JSON.parse(await readFile(join(findPaths().models, 'models.json'), 'utf8')));
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

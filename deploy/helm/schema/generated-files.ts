import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { permissionsOf } from '#shared/jetstream/permissions';
import { valuesJsonSchema } from './values.ts';
import { valuesTable } from './values-table.ts';

const CHART = 'deploy/helm/podline';
/** What a whisper pod needs besides its engines, in MiB; the chart's `podline.whisper.memoryMi` adds the same. */
const NODE_MEMORY = 256;

const modelsSchema = z.record(
  z.string(),
  z.looseObject({ memoryMB: z.number(), bytes: z.number(), languages: z.string() }),
);
type Models = z.infer<typeof modelsSchema>;

/** The chart's files that are made from code and from other files, by path: `npm run docs` writes them. */
export async function generatedChartFiles(root: string): Promise<Record<string, string>> {
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
  const models = await read('models/models.json');
  const readme = await read(`${CHART}/README.md`);
  const tables = {
    values: valuesTable(await read(`${CHART}/values.yaml`)),
    models: modelsTable(modelsSchema.parse(JSON.parse(models))),
  };
  return {
    [`${CHART}/values.schema.json`]: json(valuesJsonSchema()),
    [`${CHART}/files/nats-permissions.json`]: json(permissionsOf()),
    [`${CHART}/files/models.json`]: models,
    [`${CHART}/README.md`]: withTables(readme, tables),
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

function modelsTable(models: Models): string {
  const rows = Object.entries(models).map(
    ([name, { bytes, languages, memoryMB }]) =>
      `| \`${name}\` | ${languages} | ${Math.round(bytes / 1e6)} MB | ${NODE_MEMORY + memoryMB}Mi | ${NODE_MEMORY + 2 * memoryMB}Mi |`,
  );
  return ['| model | languages | file | 1 worker | 2 workers |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function withTables(page: string, tables: Record<string, string>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from === -1 || to < from) throw new Error(`${CHART}/README.md has no ${start} … ${end}.`);
    return `${text.slice(0, from)}${start}\n\n${table}\n\n${text.slice(to)}`;
  }, page);
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { thirdPartyPage } from './third-party/third-party-page.mjs';

// Pages that are made from the code: run after a change of the schemas or the dependencies, with `npm run docs`.
const root = join(import.meta.dirname, '..');
const { configurationPage } = await import(join(root, 'dist/libs/shared/src/config/configuration-page.js'));
await writeFile(join(root, 'docs/configuration.md'), configurationPage());
const { cliPage } = await import(join(root, 'dist/apps/cli/src/cli-page.js'));
await writeFile(join(root, 'docs/cli.md'), cliPage());
const { eventsPage } = await import(join(root, 'dist/libs/shared/src/contracts/events-page.js'));
await writeFile(join(root, 'docs/events.md'), eventsPage());
const { transcriptJsonSchema } = await import(join(root, 'dist/libs/shared/src/contracts/transcript-json-schema.js'));
await writeFile(join(root, 'docs/transcript.schema.json'), transcriptJsonSchema());
const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
await writeFile(join(root, 'THIRD_PARTY.md'), thirdPartyPage(lock));
const { metricsPage } = await import(join(root, 'dist/libs/shared/src/observability/metrics-page.js'));
await writeFile(join(root, 'docs/metrics.md'), metricsPage());
const { CHART, generatedFiles } = await import(join(root, 'dist/deploy/observability/generated-files.js'));
for (const [path, text] of Object.entries(generatedFiles())) {
  const file = join(root, CHART, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
const { generatedChartFiles } = await import(join(root, 'dist/deploy/helm/schema/generated-files.js'));
for (const [path, text] of Object.entries(await generatedChartFiles(root))) await writeFile(join(root, path), text);

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Pages that are made from the code: run after a change of the schemas, with `npm run docs`.
const root = join(import.meta.dirname, '..');
const { configurationPage } = await import(join(root, 'dist/libs/shared/src/config/configuration-page.js'));
await writeFile(join(root, 'docs/configuration.md'), configurationPage());

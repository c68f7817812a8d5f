import { z } from 'zod';
import { caretakerConfigSchema } from './caretaker.ts';
import { serviceVariables } from './common.ts';
import { downloaderConfigSchema } from './downloader.ts';
import { summarizerConfigSchema } from './summarizer.ts';
import { openaiTranscriberConfigSchema, whisperConfigSchema } from './transcriber.ts';

const SERVICES = {
  downloader: downloaderConfigSchema,
  'transcriber-whisper': whisperConfigSchema,
  'transcriber-openai': openaiTranscriberConfigSchema,
  summarizer: summarizerConfigSchema,
  caretaker: caretakerConfigSchema,
};

/** `docs/configuration.md`, made from the schemas; `npm run docs` writes it, and a test fails when it is stale. */
export function configurationPage(): string {
  const common = new Set(Object.keys(serviceVariables));
  const sections = Object.entries(SERVICES).map(([name, schema]) => {
    const own = Object.entries(schema.shape).filter(([variable]) => !common.has(variable));
    return `## ${name}\n\n${table(own)}`;
  });
  return `# Configuration

Every service reads environment variables once, at start, and reports all bad ones together. An empty variable counts as
not set. Sizes are bytes, or written as \`512Mi\` or \`20Gi\`. This page is made from the schemas in
\`libs/shared/src/config/\` by \`npm run docs\`.

\`*_MAX_ACK_PENDING\` caps how many jobs of **one turn of one lane** are at work in the whole cluster. A lane has five
[turns](order.md), so together its jobs may be five times as many; webhooks have no turns. What holds for all of them is
replicas times slots and, for paid APIs, the [limiter](rate-limiting.md).

## Every service

${table(Object.entries(serviceVariables))}

${sections.join('\n\n')}
`;
}

function table(variables: readonly (readonly [string, z.ZodType])[]): string {
  const rows = variables.map(
    ([name, type]) => `| \`${name}\` | ${defaultOf(type)} | ${cell(type.description ?? '')} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf(type: z.ZodType): string {
  if (!(type instanceof z.ZodDefault)) return '';
  const value = type.def.defaultValue;
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text === '' ? '' : `\`${cell(text)}\``;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

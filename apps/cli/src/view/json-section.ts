import { z } from 'zod';
import { episodeStateSchema } from '#shared/contracts/episode-state';
import { totalsSchema } from '../batch/totals.ts';

/** The part of docs/cli.md for programs that read what the CLI prints. */
export function jsonSection(): string {
  return `## What \`status --json\` and \`watch --json\` print

\`status <episode> --json\` prints the episode's state as it is stored, \`status --json\` an object: \`episodes\` with all states,
newest first; \`totals\` of all of them; \`batch\`, the same of those that are at work and those that were finished meanwhile.

\`watch --json\` prints one object a line: an episode's state at each change (it has a \`status\`), the progress of a job (it has a
\`stage\`; [messages](messages.md)), and every five seconds and at the end \`{"totals": …}\`.

| totals | meaning |
| --- | --- |
${rows(totalsSchema.shape).join('\n')}

Each of \`stages\`:

| stage | meaning |
| --- | --- |
${rows(totalsSchema.shape.stages.shape.download.shape).join('\n')}

The ETA takes the audio each stage has left and the rate it had since the batch began; the slowest stage tells. A length nobody
knows yet is the feed's, else the mean of those known.

<details>
<summary>The state of an episode, as JSON Schema</summary>

\`\`\`json
${JSON.stringify(z.toJSONSchema(episodeStateSchema, { io: 'output' }), undefined, 2)}
\`\`\`

</details>`;
}

function rows(shape: Record<string, z.ZodType>): string[] {
  return Object.entries(shape).map(([name, type]) => `| \`${name}\` | ${type.description ?? ''} |`);
}

import type { Argument, Command, Option } from 'commander';
import type { z } from 'zod';
import { cliConfigSchema } from '#shared/config/cli';
import { commandTree } from './completion/command-tree.ts';
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts';
import { buildProgram } from './program/build-program.ts';
import { EXAMPLES } from './program/examples.ts';
import { jsonSection } from './view/json-section.ts';

/** `docs/cli.md`, made of the commands themselves; `npm run docs` writes it, and a test fails when it is stale. */
export function cliPage(): string {
  const program = buildProgram(() => undefined);
  return `# The command line

\`podline\` is a client of NATS like any other: what it does can be done with the \`nats\` command too
([messages](messages.md)). It talks to the server of \`NATS_URL\`, else to the stack that \`podline up\` has started on this
machine. In a checkout, \`npm run -s podline -- status\` is \`podline status\`; without \`-s\`, npm writes two lines of its own
before the output. Results go to standard output, and nothing else does; errors go to standard error. This page is made from the
commands by \`npm run docs\`.

${contents(program)}

## Exit codes

| code | meaning |
| ---: | --- |
${Object.entries(EXIT_MEANINGS)
  .map(([name, meaning]) => `| ${EXIT[name as keyof typeof EXIT]} | ${meaning} |`)
  .join('\n')}

${commands(program, []).join('\n\n')}

${jsonSection()}

## Environment

An empty variable counts as not set. Where results are stored and how many copies streams have is read as by the services
([configuration](configuration.md)).

| variable | default | meaning |
| --- | --- | --- |
${Object.entries(cliConfigSchema.shape).map(variable).join('\n')}
`;
}

/** The commands by the groups of the help. */
function contents(program: Command): string {
  const groups = new Map<string, string[]>();
  for (const command of subcommands(program)) {
    const group = command.helpGroup() ?? '';
    groups.set(group, [...(groups.get(group) ?? []), `[${command.name()}](#podline-${command.name()})`]);
  }
  return [...groups].map(([group, names]) => `- ${group} ${names.join(', ')}`).join('\n');
}

const subcommands = (command: Command): Command[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');

function commands(parent: Command, path: readonly string[]): string[] {
  return subcommands(parent).flatMap((command) => {
    const own = [...path, command.name()];
    return [section(command, own), ...commands(command, own)];
  });
}

function section(command: Command, path: readonly string[]): string {
  const name = `podline ${path.join(' ')}`;
  const help = command.createHelp();
  const group = commandTree(command).commands.length > 0;
  const usage = group ? '<command>' : command.usage();
  const examples = EXAMPLES[path.join(' ')];
  return [
    `${path.length > 1 ? '###' : '##'} ${name}`,
    sentence(command.description()),
    fenced([`${name} ${usage}`.trim()]),
    ...table('argument', help.visibleArguments(command).map(argumentRow)),
    ...table('option', help.visibleOptions(command).flatMap(optionRow)),
    ...(examples ? [fenced(examples)] : []),
  ].join('\n\n');
}

function table(what: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : [[`| ${what} | meaning | default |`, '| --- | --- | --- |', ...rows].join('\n')];
}

const argumentRow = (argument: Argument): string =>
  `| \`${argument.required ? `<${argument.name()}>` : `[${argument.name()}]`}\` | ${cell(argument.description)} | |`;

function optionRow({ flags, long, description, mandatory, argChoices, defaultValue }: Option): string[] {
  if (long === '--help') return [];
  const choices = argChoices === undefined ? '' : `: ${argChoices.map((one) => `\`${one}\``).join(', ')}`;
  const value = defaultValue === undefined ? '' : `\`${String(defaultValue)}\``;
  return [`| \`${flags}\` | ${cell(description)}${choices}${mandatory ? '; required' : ''} | ${value} |`];
}

function variable([name, type]: [string, z.ZodType]): string {
  const value = 'defaultValue' in type.def ? String(type.def.defaultValue) : '';
  return `| \`${name}\` | ${value === '' ? '' : `\`${cell(value)}\``} | ${cell(type.description ?? '')} |`;
}

const fenced = (lines: readonly string[]): string => ['```sh', ...lines, '```'].join('\n');
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

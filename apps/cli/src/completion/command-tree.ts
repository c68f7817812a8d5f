import type { Command, Option } from 'commander';

/** What can come after `podline`, or after one of its commands. */
export interface CommandNode {
  /** As typed: empty for podline itself, else for instance `feed add`. */
  path: string;
  name: string;
  description: string;
  commands: readonly CommandNode[];
  options: readonly OptionNode[];
  /** Known values of its first argument. */
  values: readonly string[];
}

export interface OptionNode {
  flag: string;
  description: string;
  takesValue: boolean;
  /** Its known values; none where any will do. */
  values: readonly string[];
}

/** The commands, as commander knows them. */
export function commandTree(command: Command, path: readonly string[] = []): CommandNode {
  const help = command.createHelp();
  return {
    path: path.join(' '),
    name: command.name(),
    description: command.description(),
    commands: help
      .visibleCommands(command)
      .filter((one) => one.name() !== 'help')
      .map((one) => commandTree(one, [...path, one.name()])),
    options: help.visibleOptions(command).flatMap(optionNode),
    values: command.registeredArguments[0]?.argChoices ?? [],
  };
}

function optionNode({ long, description, required, optional, argChoices }: Option): OptionNode[] {
  if (long === undefined || long === null) return [];
  return [{ flag: long, description, takesValue: required || optional, values: argChoices ?? [] }];
}

/** The command and all below it. */
export function allNodes(node: CommandNode): CommandNode[] {
  return [node, ...node.commands.flatMap(allNodes)];
}

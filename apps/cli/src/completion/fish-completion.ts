import { allNodes, type CommandNode } from './command-tree.ts';

export function fishCompletion(root: CommandNode): string {
  const lines = allNodes(root).flatMap((node) => {
    const here = `complete -c podline -n ${quoted(`test (__podline_at) = ${JSON.stringify(node.path)}`)}`;
    return [
      ...node.commands.map(({ name, description }) => `${here} -f -a ${name} -d ${quoted(description)}`),
      ...(node.values.length > 0 ? [`${here} -f -a ${quoted(node.values.join(' '))}`] : []),
      ...node.options.map(({ flag, description, takesValue, values }) => {
        const wanted = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : takesValue ? ' -r' : '';
        return `${here} -l ${flag.replace(/^--/, '')}${wanted} -d ${quoted(description)}`;
      }),
    ];
  });
  const paths = allNodes(root)
    .filter(({ path }) => path !== '')
    .map(({ path }) => quoted(path));
  return `# fish completion of podline; made by "podline completion fish"
function __podline_at
  set -l at
  for word in (commandline -opc)[2..-1]
    set -l next (string join -- ' ' $at $word)
    contains -- $next ${paths.join(' ')}; and set at $next
  end
  echo "$at"
end
${lines.join('\n')}
`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

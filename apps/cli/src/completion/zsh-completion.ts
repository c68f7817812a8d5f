import { allNodes, type CommandNode, type OptionNode } from './command-tree.ts';

/** For a folder of fpath, or to be sourced after compinit. */
export function zshCompletion(root: CommandNode): string {
  const cases = allNodes(root).map(
    (node) => `    ${quoted(node.path)})
      commands=(${node.commands.map((one) => quoted(described(one.name, one.description))).join(' ')})
      options=(${node.options.map((one) => quoted(optionSpec(one))).join(' ')})
      values=(${node.values.map(quoted).join(' ')})
      ;;`,
  );
  const paths = allNodes(root)
    .filter(({ path }) => path !== '')
    .map(({ path }) => quoted(path));
  return `#compdef podline
# zsh completion of podline; made by "podline completion zsh"
_podline() {
  local at= word
  local -a commands options values
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${at:+$at }$word" in
      ${paths.join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at" in
${cases.join('\n')}
  esac
  if (( \${#commands} )) && [[ $PREFIX != -* ]]; then
    _describe command commands
  elif (( \${#values} )); then
    _arguments -S "\${options[@]}" "*:value:(\${values[*]})"
  else
    _arguments -S "\${options[@]}" '*:file:_files'
  fi
}
if [[ $funcstack[1] == _podline ]]; then
  _podline "$@"
else
  compdef _podline podline
fi
`;
}

function optionSpec({ flag, description, takesValue, values }: OptionNode): string {
  const text = description.replace(/[[\]:\\]/g, '\\$&');
  if (!takesValue) return `${flag}[${text}]`;
  return `${flag}[${text}]:value:${values.length > 0 ? `(${values.join(' ')})` : '_files'}`;
}

const described = (name: string, description: string): string => `${name}:${description.replaceAll(':', '\\:')}`;

/** As one word of the shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

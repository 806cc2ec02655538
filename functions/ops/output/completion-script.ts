/** A command with the words that may follow it: its commands and options. The program itself has the path ''. */
export type CommandWords = { path: string; words: string[] };

/** The shells that can load a script. */
export const SHELLS = ['bash', 'zsh'] as const;

/**
 * A script that completes the commands and options of `name` in a shell, and otherwise names of files. A word that is no command
 * at its place, such as an option's value, leaves the path as it is.
 */
export function completionScript(
  shell: (typeof SHELLS)[number],
  name: string,
  commands: readonly CommandWords[],
): string {
  const own = `_${name.replaceAll('-', '_')}`;
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const lines = [
    ...(shell === 'zsh' ? ['autoload -U +X compinit bashcompinit', 'compinit', 'bashcompinit'] : []),
    `${own}() {`,
    `  local at='' offered='' word index`,
    '  for ((index = 1; index < COMP_CWORD; index++)); do',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the shell's own syntax
    '    word="${COMP_WORDS[index]}"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the shell's own syntax
    '    case "${at:+$at }$word" in',
    `      ${paths.join(' | ')}) at="\${at:+$at }$word" ;;`,
    '    esac',
    '  done',
    '  case "$at" in',
    ...commands.map(({ path, words }) => `    '${path}') offered='${words.join(' ')}' ;;`),
    '  esac',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the shell's own syntax
    '  COMPREPLY=($(compgen -W "$offered" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    `complete -o default -F ${own} ${name}`,
  ];
  return `${lines.join('\n')}\n`;
}

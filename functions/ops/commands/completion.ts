import { Argument, type Command } from 'commander';
import { type CommandWords, completionScript, SHELLS } from '../output/completion-script.ts';
import { EXIT } from '../output/exit-codes.ts';
import type { BareCommand, BindBareCommand } from '../session/command.ts';

const HELP = `
Load it where the shell starts, under the name by which you call the command:
  alias zpa-changes='npx zpa-changes'
  eval "$(npx zpa-changes completion bash)"     in ~/.bashrc
  eval "$(npx zpa-changes completion zsh)"      in ~/.zshrc`;

/** Adds the command `completion`, which knows all commands of the program. */
export function addCompletion(program: Command, bindBare: BindBareCommand): void {
  const print: BareCommand = async ({ terminal }, _, shell) => {
    const script = completionScript(shell === 'zsh' ? 'zsh' : 'bash', program.name(), wordsOf(program));
    if (!terminal.json) terminal.raw(script);
    terminal.document({ shell, script });
    return EXIT.ok;
  };
  program
    .command('completion')
    .summary('print what completes commands and options in a shell')
    .description('Prints a script for bash or zsh that completes commands and options.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(bindBare(print));
}

/** The words of the program and of all its commands, which also take its options but for `--version`. */
function wordsOf(program: Command): CommandWords[] {
  const shared = [...optionsOf(program).filter((option) => option !== '--version'), '--help'];
  const below = (command: Command, path: string): CommandWords[] => [
    { path, words: [...namesOf(command), ...(path === '' ? ['--version'] : optionsOf(command)), ...shared] },
    ...command.commands.flatMap((one) => names(one).flatMap((name) => below(one, `${path} ${name}`.trim()))),
  ];
  return below(program, '');
}

const names = (command: Command) => [command.name(), ...command.aliases()];
const namesOf = (command: Command) => command.commands.flatMap(names);
const optionsOf = (command: Command) => command.options.flatMap(({ long }) => long ?? []);

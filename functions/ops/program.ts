import { Command, CommanderError, type OptionValues } from 'commander';
import { addCancel } from './commands/cancel.ts';
import { addDrift } from './commands/drift.ts';
import { addFailures } from './commands/failures/failures.ts';
import { addGroups } from './commands/groups.ts';
import { addLanes } from './commands/lanes.ts';
import { addPlan } from './commands/plan.ts';
import { addSources } from './commands/sources/sources.ts';
import { addStatus } from './commands/status.ts';
import { addSubmit } from './commands/submit.ts';
import { EXIT, type ExitCode, OpsError, toOpsError } from './output/exit-codes.ts';
import { type Console, createTerminal } from './output/terminal.ts';
import type { BindCommand, CommandContext, OpsCommand } from './session/command.ts';
import { compose } from './session/compose.ts';
import { findTarget, nameTarget } from './session/find-target.ts';

const AFTER = `
Exit codes:
  0 done                     4 not reachable
  1 rejected or failed       6 still open after --wait
  2 wrong usage or input     7 drift found
  3 not found                130 interrupted
A first walk, with \`npm start\` running in another terminal:
  zpa-changes groups list --tenant acme-prod
  zpa-changes plan change.yaml        what would happen, nothing is written
  zpa-changes submit change.yaml --wait
  zpa-changes status CHG0031337/1
Full description: docs/cli.md`;

const INTERRUPTED = new OpsError(
  EXIT.interrupted,
  'interrupted',
  'Interrupted.',
  'What was sent or redriven before stands; the same command again is safe.',
);

type Global = { target?: string; json?: boolean };

/** Runs one command line (without node and script); answers the exit code. Never rejects. */
export async function run(argv: string[], surroundings: CommandContext): Promise<ExitCode> {
  const { console } = surroundings;
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  let exit: ExitCode = EXIT.ok;
  const bind: BindCommand =
    (story) =>
    async (...args) => {
      const command = args.at(-1);
      if (!(command instanceof Command)) throw new Error('commander passes the command last');
      exit = await tell(story, command, surroundings, interruption.signal);
    };
  try {
    await createProgram(console, bind, argv.includes('--json')).parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return tellUsage(error, console, argv);
    const failure = interruption.signal.aborted ? INTERRUPTED : toOpsError(error);
    createTerminal(console, argv.includes('--json')).fail(failure);
    return failure.exit;
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

/** Commander has written its own words already, but not as JSON. */
function tellUsage({ exitCode, message }: CommanderError, console: Console, argv: readonly string[]): ExitCode {
  if (exitCode === 0) return EXIT.ok;
  if (argv.includes('--json')) {
    const sentence = message.replace(/^error: /, '');
    createTerminal(console, true).fail(new OpsError(EXIT.usage, 'usage', sentence, HELP_HINT));
  }
  return EXIT.usage;
}

const HELP_HINT = 'Add --help to see what it takes.';

async function tell<Options extends OptionValues>(
  story: OpsCommand<Options>,
  command: Command,
  surroundings: CommandContext,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { target: file, json = false } = command.optsWithGlobals<Global>();
  const found = findTarget({ cwd: surroundings.cwd, env: surroundings.env, file });
  const terminal = createTerminal(surroundings.console, json);
  try {
    await using desk = compose(found.target, surroundings.env);
    return await story({ desk, terminal, signal, surroundings }, command.opts<Options>(), ...command.args);
  } catch (error) {
    throw nameTarget(toOpsError(error), found);
  }
}

function createProgram(console: Console, bind: BindCommand, json: boolean): Command {
  const program = new Command('zpa-changes')
    .description('Changes to ZPA segment groups, from ticket to tenant: send, plan, watch, mend.')
    .option('--target <file>', 'what to work on; without it the world that `npm start` runs here')
    .option('--json', 'one JSON document on stdout, errors as JSON on stderr')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError(HELP_HINT)
    .addHelpText('after', AFTER);
  const settings = {
    writeOut: (text: string) => console.out(text),
    writeErr: (text: string) => (json ? undefined : console.err(text)),
    getOutHasColors: () => console.colours,
    getErrHasColors: () => console.colours,
  };
  program.exitOverride().configureOutput(settings);
  for (const add of [addSubmit, addPlan, addStatus, addCancel, addGroups, addFailures, addDrift, addLanes, addSources])
    add(program, bind);
  return program;
}

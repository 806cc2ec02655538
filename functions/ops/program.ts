import { Command, CommanderError, type OptionValues } from 'commander';
import { isReaderGone } from '../../shared/runtime/standard-streams.ts';
import { addAudit } from './commands/audit/audit.ts';
import { addCancel } from './commands/cancel.ts';
import { addChanges } from './commands/changes/changes.ts';
import { addCompletion } from './commands/completion.ts';
import { addConnect } from './commands/connect/connect.ts';
import { addConsole } from './commands/console/console.ts';
import { addDoctor } from './commands/doctor/doctor.ts';
import { addDrift } from './commands/drift/drift.ts';
import { addFailures } from './commands/failures/failures.ts';
import { addGroups } from './commands/groups.ts';
import { addInit } from './commands/init/init.ts';
import { addLanes } from './commands/lanes/lanes.ts';
import { addPlan } from './commands/plan.ts';
import { addSecrets } from './commands/secrets/secrets.ts';
import { addSettings } from './commands/settings/settings.ts';
import { addSources } from './commands/sources/sources.ts';
import { addStatus } from './commands/status.ts';
import { addSubmit } from './commands/submit.ts';
import { addTenants } from './commands/tenants/tenants.ts';
import { addUndo } from './commands/undo/undo.ts';
import { EXIT, type ExitCode, OpsError, toOpsError } from './output/exit-codes.ts';
import { type Console, createTerminal } from './output/terminal.ts';
import type { BareCommand, BindBareCommand, BindCommand, ProcessContext } from './session/command.ts';
import { compose } from './session/compose.ts';
import { addTargetToRemedy, type FoundTarget, findTarget } from './session/find-target.ts';
import { productVersion } from './session/product-version.ts';

const PROGRAM_HELP = `
Exit codes:
  0 success                  4 not reachable
  1 rejected or failed       6 still open after --wait
  2 invalid usage or input   7 drift found
  3 not found                130 interrupted
First steps, with \`npm start\` running in another terminal:
  zpa-changes groups list --tenant acme-prod
  zpa-changes plan change.yaml        dry run, nothing is written
  zpa-changes submit change.yaml --wait
  zpa-changes status CHG0031337/1@APPR0007
Reference: docs/cli.md`;

const INTERRUPTED = new OpsError(
  EXIT.interrupted,
  'interrupted',
  'Interrupted.',
  'Changes already sent or retried stay in effect. Running the command again is safe.',
);

type Global = { target?: string; json?: boolean };

/** Runs one command line (without node and script) and resolves to the exit code. Never rejects. */
export async function run(argv: string[], processContext: ProcessContext): Promise<ExitCode> {
  const { console } = processContext;
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  let exit: ExitCode = EXIT.ok;
  const bindBare: BindBareCommand =
    (run) =>
    async (...args) => {
      const command = args.at(-1);
      if (!(command instanceof Command)) throw new Error('commander passes the command last');
      exit = await runCommand(run, command, processContext, interruption.signal);
    };
  const bind: BindCommand = (run) =>
    bindBare(async (context, options, ...args) => {
      await using session = await compose(context.findTarget(), processContext.env, {
        tell: context.terminal.progress,
      });
      return await run({ ...context, session }, options as Parameters<typeof run>[1], ...args);
    });
  try {
    await createProgram(console, { bind, bindBare }, argv.includes('--json')).parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return reportUsage(error, console, argv);
    const failure = interruption.signal.aborted ? INTERRUPTED : toOpsError(error);
    const isToldToNobody = failure === INTERRUPTED && isReaderGone();
    if (!isToldToNobody) createTerminal(console, argv.includes('--json')).fail(failure);
    return failure.exit;
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

/** Reports a usage error as JSON; Commander has already printed its own text otherwise. */
function reportUsage({ exitCode, message }: CommanderError, console: Console, argv: readonly string[]): ExitCode {
  if (exitCode === 0) return EXIT.ok;
  if (argv.includes('--json')) {
    const sentence = message.replace(/^error: /, '');
    createTerminal(console, true).fail(new OpsError(EXIT.usage, 'usage', sentence, HELP_HINT));
  }
  return EXIT.usage;
}

const HELP_HINT = 'Add --help to see the arguments and options.';

async function runCommand<Options extends OptionValues>(
  run: BareCommand<Options>,
  command: Command,
  processContext: ProcessContext,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { target: file, json = false } = command.optsWithGlobals<Global>();
  const terminal = createTerminal(processContext.console, json);
  let found: FoundTarget | undefined;
  const find = () => {
    found = findTarget({ cwd: processContext.cwd, env: processContext.env, file });
    return found.target;
  };
  try {
    const context = { terminal, signal, processContext, findTarget: find };
    return await run(context, command.opts<Options>(), ...command.args);
  } catch (error) {
    const failure = toOpsError(error);
    throw found === undefined ? failure : addTargetToRemedy(failure, found);
  }
}

type Binds = { bind: BindCommand; bindBare: BindBareCommand };

function createProgram(console: Console, { bind, bindBare }: Binds, json: boolean): Command {
  const program = new Command('zpa-changes')
    .version(productVersion(), '--version', 'show the version')
    .description('Applies approved changes to ZPA segment groups: plan, submit, monitor, retry.')
    .option(
      '--target <file>',
      'target file of a deployed stack; default: the demo that `npm start` runs in this folder',
    )
    .option('--json', 'one JSON document on stdout, errors as JSON on stderr')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError(HELP_HINT)
    .addHelpText('after', PROGRAM_HELP);
  const settings = {
    writeOut: (text: string) => console.out(text),
    writeErr: (text: string) => (json ? undefined : console.err(text)),
    getOutHasColors: () => console.colours,
    getErrHasColors: () => console.colours,
  };
  program.exitOverride().configureOutput(settings);
  const work = [addSubmit, addPlan, addStatus, addChanges, addCancel, addUndo, addGroups, addFailures, addDrift];
  for (const add of [...work, addLanes, addTenants]) add(program, bind);
  addSources(program, bind, bindBare);
  addAudit(program, bind, bindBare);
  addSettings(program, bindBare);
  addSecrets(program, bindBare);
  addConsole(program, bindBare);
  addDoctor(program, bindBare);
  addInit(program, bindBare);
  addConnect(program, bindBare);
  addCompletion(program, bindBare);
  return program;
}

import type { OptionValues } from 'commander';
import type { Target } from '../../../shared/deployment/cli-target.ts';
import type { ExitCode } from '../output/exit-codes.ts';
import type { Console, Terminal } from '../output/terminal.ts';
import type { OpsSession } from './compose.ts';

/** The console, working folder and environment of a run of the CLI. */
export type ProcessContext = { console: Console; cwd: string; env: Record<string, string | undefined> };

/**
 * The means of a command that works without the settings of a target: the terminal, and the process with its
 * interruption signal.
 */
export type BareContext = {
  terminal: Terminal;
  signal: AbortSignal;
  processContext: ProcessContext;
  /** Finds the target. Throws an `OpsError` if there is none. */
  findTarget(): Target;
};

/** The means of one command, with the target's session. */
export type CommandContext = BareContext & { session: OpsSession };

/** The implementation of a command; it resolves to the exit code. */
export type OpsCommand<Options extends OptionValues = OptionValues> = (
  context: CommandContext,
  options: Options,
  ...args: string[]
) => Promise<ExitCode>;

/** The implementation of a command that needs no session. */
export type BareCommand<Options extends OptionValues = OptionValues> = (
  context: BareContext,
  options: Options,
  ...args: string[]
) => Promise<ExitCode>;

/** Binds an implementation to its command: finds the target, composes and closes the session, and reports errors. */
export type BindCommand = <Options extends OptionValues>(
  run: OpsCommand<Options>,
) => (...args: unknown[]) => Promise<void>;

/** As `BindCommand`, without a session; the command may find the target by itself. */
export type BindBareCommand = <Options extends OptionValues>(
  run: BareCommand<Options>,
) => (...args: unknown[]) => Promise<void>;

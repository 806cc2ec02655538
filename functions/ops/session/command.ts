import type { OptionValues } from 'commander';
import type { ExitCode } from '../output/exit-codes.ts';
import type { Console, Terminal } from '../output/terminal.ts';
import type { OpsSession } from './compose.ts';

/** The console, working folder and environment of a run of the CLI. */
export type ProcessContext = { console: Console; cwd: string; env: Record<string, string | undefined> };

/** The means of one command: the target's session, the terminal, and the process with its interruption signal. */
export type CommandContext = {
  session: OpsSession;
  terminal: Terminal;
  signal: AbortSignal;
  processContext: ProcessContext;
};

/** The implementation of a command; it resolves to the exit code. */
export type OpsCommand<Options extends OptionValues = OptionValues> = (
  context: CommandContext,
  options: Options,
  ...args: string[]
) => Promise<ExitCode>;

/** Binds an implementation to its command: finds the target, composes and closes the session, and reports errors. */
export type BindCommand = <Options extends OptionValues>(
  run: OpsCommand<Options>,
) => (...args: unknown[]) => Promise<void>;

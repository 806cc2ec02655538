import type { OptionValues } from 'commander';
import type { ExitCode } from '../output/exit-codes.ts';
import type { Console, Terminal } from '../output/terminal.ts';
import type { Session } from './compose.ts';

/** What surrounds a run of the CLI. */
export type CommandContext = { console: Console; cwd: string; env: Record<string, string | undefined> };

/** What a command's story gets: the desk it works at, the terminal it speaks to, and what it was asked. */
export type OpsCommand<Options extends OptionValues = OptionValues> = (
  on: { desk: Session; terminal: Terminal; signal: AbortSignal; surroundings: CommandContext },
  options: Options,
  ...args: string[]
) => Promise<ExitCode>;

/** Binds a story to its command: target found, desk composed and closed, errors told. */
export type BindCommand = <Options extends OptionValues>(
  story: OpsCommand<Options>,
) => (...args: unknown[]) => Promise<void>;

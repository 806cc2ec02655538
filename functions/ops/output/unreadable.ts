import type { UnreadableRecord } from '../../../shared/ports/ports.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Cell, Terminal } from './terminal.ts';

/** The state of a record that is listed by its key alone. */
export const unreadableCell = ({ colours }: Pick<Terminal, 'colours'>): Cell => ({
  text: 'cannot be read',
  colour: colours.red,
});

/** Warns of records that a command could not read and left alone. */
export function warnUnreadable(terminal: Terminal, unreadable: readonly UnreadableRecord[]): void {
  for (const { key } of unreadable) terminal.warn(`The record ${key} cannot be read and is left alone.`);
}

/** The exit code of a command that has done what it could: it says so if records could not be read. */
export const exitIncomplete = (exit: ExitCode, unreadable: readonly UnreadableRecord[]): ExitCode =>
  exit === EXIT.ok && unreadable.length > 0 ? EXIT.unreachable : exit;

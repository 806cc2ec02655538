import { InvalidArgumentError, Option } from 'commander';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';
import { userName } from './user-name.ts';

/** The ledger keeps no longer reason. */
export const MAX_REASON = 500;

/** An address by email has no more. */
const MAX_NAME = 320;

/** The option `--by`: who decided. It takes no blank name and none that is too long. */
export const byOption = (help = 'who decided, for the record') =>
  new Option('--by <name>', help).default(userName(), 'your user name').argParser(parserOf(nameFault));

/** The option `--reason`. It takes no blank text and none that would be cut; `.makeOptionMandatory()` where nobody is asked. */
export const reasonOption = (help = 'why, for the record') =>
  new Option('--reason <text>', help).argParser(parserOf(reasonFault));

const parserOf = (faultOf: (text: string) => string | undefined) => (text: string) => {
  const fault = faultOf(text);
  if (fault !== undefined) throw new InvalidArgumentError(fault);
  return text.trim();
};

/** The reason of the flag, else of the person at the terminal. Throws an `OpsError` where nobody can be asked. */
export async function askReason(terminal: Pick<Terminal, 'ask'>, given: string | undefined): Promise<string> {
  const reason = given ?? (await terminal.ask({ message: 'Why, for the record?', fault: reasonFault }))?.trim();
  if (reason !== undefined && reason !== '') return reason;
  const sentence = '--reason is missing. The audit trail and the change record why you decided this.';
  throw new OpsError(EXIT.usage, 'reason-missing', sentence, 'For example: --reason "sent again under CHG0031338"');
}

const reasonFault = (text: string) => textFault(text, MAX_REASON, 'Say in a few words why.');

const nameFault = (text: string) => textFault(text, MAX_NAME, 'Name the person.');

function textFault(text: string, longest: number, remedy: string): string | undefined {
  if (text.trim() === '') return `It is blank. ${remedy}`;
  return text.trim().length > longest ? `It is longer than ${longest} characters.` : undefined;
}

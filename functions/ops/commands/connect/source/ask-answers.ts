import { askQuestions, flagsFor, type Questions } from '../../../input/questions.ts';
import { EXIT, OpsError } from '../../../output/exit-codes.ts';
import type { BareContext } from '../../../session/command.ts';
import type { SourceFlags } from './check-flags.ts';
import type { ConnectAnswers } from './questions.ts';

/** A run that ended before anything was written. */
export class Unwritten extends OpsError {}

type Asking = { name: string; questions: Questions<keyof ConnectAnswers>; flags: SourceFlags };

/**
 * Asks the questions, and does `next` with the answers. Where either ends early, a person gets the command that gives the answers
 * again: many questions come before the first thing that is written. `next` resolves to undefined if it ended early.
 */
export async function withAnswers<Result>(
  context: BareContext,
  { name, questions, flags }: Asking,
  next: (answers: ConnectAnswers) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  const heard: Partial<ConnectAnswers> = {};
  const note = (one: keyof ConnectAnswers, answer: string) => {
    heard[one] = answer;
  };
  const show = () => showAgain(context, `zpa-changes connect ${name} ${flagsFor(questions, heard)}`);
  try {
    const result = await next(await askQuestions(context.terminal, questions, flags, 'connect-faults', note));
    if (result === undefined) show();
    return result;
  } catch (error) {
    if (!(error instanceof OpsError) || !show()) throw error;
    const { exit, code, message, remedy } = error;
    if (exit !== EXIT.interrupted) throw new Unwritten(exit, code, message, remedy, error);
    throw new Unwritten(exit, code, 'Nothing was written.', 'The command above goes on with what you answered.', error);
  }
}

/** Shows the command on a terminal, in one line, because a wrapped one could not be copied. True if it was shown. */
function showAgain({ terminal, processContext }: BareContext, command: string): boolean {
  if (!processContext.console.interactive || terminal.json) return false;
  processContext.console.err(
    `\nTo give the same answers again, correct this command where one was wrong:\n  ${command}\n\n`,
  );
  return true;
}

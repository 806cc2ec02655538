import { errorCode } from '../../../../../shared/ports/error-code.ts';
import { systemClock } from '../../../../../shared/runtime/clock.ts';
import { EXIT, OpsError } from '../../../output/exit-codes.ts';
import type { BareContext } from '../../../session/command.ts';
import type { Credentials } from '../secrets/credentials.ts';
import { askJira } from './ask-jira.ts';
import { buildSource, type JiraFacts, listOf, type RawSource } from './build-source.ts';
import type { ConnectAnswers } from './questions.ts';

/** Makes the source of these answers. Jira is asked for what it knows itself. */
export async function makeSource(
  context: BareContext,
  answers: ConnectAnswers,
  credentials: Credentials | undefined,
): Promise<RawSource> {
  const isJira = answers.system === 'jira' || answers.system === 'jira-automation';
  if (!isJira || credentials === undefined) return buildSource(answers, undefined);
  return buildSource(answers, await findFacts(context, answers, await credentials('tickets')));
}

/** Asks Jira until the form's fields and the statuses are there; throws an `OpsError` where nobody can be asked to add them. */
async function findFacts(
  { terminal, signal }: BareContext,
  { url, projects, waitingStatus, approvedStatus, doneStatus, partlyStatus, failedStatus }: ConnectAnswers,
  credential: string,
): Promise<JiraFacts> {
  const statuses = [waitingStatus, approvedStatus, doneStatus, partlyStatus, failedStatus];
  const wanted = { statuses, projects: listOf(projects) };
  for (;;) {
    terminal.progress('asking Jira for its fields, statuses and projects …');
    const asked = askJira({ url, credential, clock: systemClock, signal }, wanted);
    const found = await asked.catch((error: unknown) => ({ error: unansweredError(error) }));
    if ('fields' in found) return found;
    const error = 'error' in found ? found.error : missingError(found.missing);
    terminal.warn(error.message);
    const again = await terminal.ask({ message: 'Press Enter to check again', preset: '', fault: () => undefined });
    if (again === undefined) throw error;
  }
}

const missingError = (missing: readonly string[]) =>
  new OpsError(
    EXIT.failed,
    'jira-form',
    missing.join('\n'),
    'Create what is missing, or correct the answer, and run the command again. Nothing was written.',
  );

/** The error of a Jira that gave no answer, which a later look may end. Throws that of one that refused. */
function unansweredError(cause: unknown): OpsError {
  const sentence = cause instanceof Error ? cause.message : String(cause);
  const isPassing = ['tickets-unavailable', 'tickets-limited'].includes(errorCode(cause) ?? '');
  const remedy = isPassing
    ? 'Jira gave no complete answer: check the address, and run the command again. Nothing was written.'
    : 'Check the address, the email address and the API token, and run the command again. Nothing was written.';
  const error = new OpsError(EXIT.unreachable, 'jira-unreachable', sentence, remedy, cause);
  if (isPassing) return error;
  throw error;
}

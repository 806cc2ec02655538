import type { Settings, SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';
import { refuseUnneeded } from '../../../input/questions.ts';
import { EXIT, OpsError } from '../../../output/exit-codes.ts';
import { type ConnectAnswers, questionsFor, type SYSTEMS } from './questions.ts';

/** Answers, and the sys_id of ServiceNow's credential, which is asked for once its form is shown. */
export type SourceFlags = Partial<ConnectAnswers> & { credentialId?: string };

export const SYS_ID = /^[0-9a-f]{32}$/i;

/** Throws an `OpsError` if the credential is given to a system that has none, or is no sys_id. */
export function checkCredential(system: string, { credentialId }: SourceFlags): void {
  if (credentialId === undefined || credentialId === '') return;
  if (system !== 'servicenow') throw flagError('--credential-id: only servicenow takes it.');
  if (!SYS_ID.test(credentialId.trim())) throw flagError('--credential-id: must be 32 letters and digits.');
}

/** Throws an `OpsError` for flags that a source of the settings does not take: nobody is asked for anything else any more. */
export function checkResumed(
  name: string,
  source: SourceConfiguration,
  tenants: Settings['tenants'],
  flags: SourceFlags,
): void {
  const system = systemOf(source);
  if (flags.system !== undefined && flags.system !== system) {
    throw flagError(`--system: the source ${name} is of ${system}. Connect ${flags.system} under another name.`);
  }
  const questions = questionsFor(tenants);
  const none = Object.fromEntries(Object.keys(questions).map((one) => [one, ''])) as ConnectAnswers;
  const [tenant = ''] = source.grants.flatMap((grant) => grant.tenants);
  const results = source.tickets?.kind === 'webhook' ? source.tickets.url : '';
  refuseUnneeded(questions, flags, { ...none, tenant, ...flags, system, results }, 'connect-faults');
  checkCredential(system, flags);
}

function systemOf({ tickets, scheme }: SourceConfiguration): (typeof SYSTEMS)[number] {
  if (tickets?.kind === 'servicenow') return 'servicenow';
  if (tickets?.kind === 'jira') return scheme.kind === 'jira' ? 'jira' : 'jira-automation';
  return scheme.kind === 'github' ? 'github' : 'webhook';
}

const flagError = (sentence: string) =>
  new OpsError(EXIT.usage, 'connect-faults', sentence, 'Correct the flag, or leave it out.');

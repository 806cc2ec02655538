import { createPlanStore } from '../../../../../shared/aws/ledger/plan-store.ts';
import { createWithdrawals } from '../../../../../shared/aws/ledger/withdrawals.ts';
import type { SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';
import { systemName } from '../../../../../shared/domain/configuration/shared-ticket-systems.ts';
import { visible } from '../../../../../shared/domain/text/visible-text.ts';
import { type Finding, ok, unknown } from '../../../checks/finding.ts';
import type { OpsSession } from '../../../session/compose.ts';
import { environmentOf } from '../../../session/settings.ts';
import { silenceRemedy } from './remedies.ts';

/** A source that is tried with a test ticket. `address`: of its webhook. */
export type Trial = {
  session: OpsSession;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  name: string;
  source: SourceConfiguration;
  address: string;
  ticketId: string;
};

const ledgerOf = ({ session: { target }, env }: Trial) => ({
  env: environmentOf(target, env),
  tableName: target.env.TABLE_NAME,
});

/**
 * A proved delivery of a ticket that waits, or is withdrawn, leaves a mark in the ledger, and its plan another one. Nothing else
 * writes them for a ticket of which no change was ever accepted.
 */
export async function lookForDelivery(trial: Trial): Promise<Finding> {
  const { source, ticketId, address } = trial;
  const system = systemName(source.system);
  const mark = await createWithdrawals(ledgerOf(trial)).read(system, ticketId);
  const at = mark?.markedAt ?? (await planOf(trial))?.at;
  if (at !== undefined) return ok(`arrived and was proved at ${new Date(at).toISOString().slice(0, 19)}Z`);
  const kind = source.tickets?.kind ?? (source.scheme.kind === 'github' ? 'github' : 'webhook');
  return unknown(`nothing of ${visible(ticketId)} has arrived yet`, silenceRemedy(kind, address));
}

const planOf = (trial: Trial) =>
  createPlanStore(ledgerOf(trial)).latest(systemName(trial.source.system), trial.ticketId);

export async function lookForPlan(trial: Trial, url: string): Promise<Finding> {
  if ((await planOf(trial)) !== undefined) return ok(`the plan was sent to ${url}, and answered`);
  const remedy = 'The address has to be public and answer 2xx; alarm plans-missed says that it did not.';
  return unknown(`no plan was taken by ${url} yet`, remedy);
}

import { compose as composeApply } from '../../../functions/apply/compose.ts';
import { compose as composeAudit } from '../../../functions/audit/compose.ts';
import { compose as composeCatalog } from '../../../functions/catalog/compose.ts';
import { compose as composeDrift } from '../../../functions/drift/compose.ts';
import { compose as composeIngest } from '../../../functions/ingest/compose.ts';
import { compose as composeNotify } from '../../../functions/notify/compose.ts';
import { compose as composePlan } from '../../../functions/plan/compose.ts';
import { compose as composeReconcile } from '../../../functions/reconcile/compose.ts';
import { compose as composeRound } from '../../../functions/round/compose.ts';
import { compose as composeStatus } from '../../../functions/status/compose.ts';
import { compose as composeSweep } from '../../../functions/sweep/compose.ts';
import { FUNCTIONS, type FunctionName } from '../../../shared/deployment/resources.ts';
import { signedBy } from '../../aws/access/caller.ts';

/** The environment that CDK would give the functions, all of them together. */
export type FunctionEnvironment = Record<string, string>;

/** Builds each deployed function from its environment. */
export const compositions = {
  ingest: composeIngest,
  status: composeStatus,
  catalog: composeCatalog,
  apply: composeApply,
  sweep: composeSweep,
  reconcile: composeReconcile,
  round: composeRound,
  drift: composeDrift,
  notify: composeNotify,
  plan: composePlan,
  audit: composeAudit,
};

/** The deployed functions, built in this process from an environment, as Lambda would build each in its own. */
export function composeFunctions(env: FunctionEnvironment, configuration: string) {
  const as = (name: FunctionName) => signedBy(env, { configuration, name });
  return {
    ingest: composeIngest(as('ingest')),
    status: composeStatus(as('status')),
    catalog: composeCatalog(as('catalog')),
    apply: composeApply(as('apply')),
    sweep: composeSweep(as('sweep')),
    reconcile: composeReconcile(as('reconcile')),
    round: composeRound(as('round')),
    drift: composeDrift(as('drift')),
    notify: composeNotify(as('notify')),
    plan: composePlan(as('plan')),
    audit: composeAudit(as('audit')),
  };
}

export type Functions = ReturnType<typeof composeFunctions>;

/**
 * Only the worker's time shrinks with the time factor: its lease and its waits do, and they are held against it. The
 * others would only be cut off by a slow machine.
 */
export function timeoutOf(name: FunctionName, timeFactor: number): number {
  const fullMs = FUNCTIONS[name].timeoutSeconds * 1000;
  return name === 'apply' ? fullMs / timeFactor : fullMs;
}

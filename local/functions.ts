import { compose as composeApply } from '../functions/apply/compose.ts';
import { compose as composeCatalog } from '../functions/catalog/compose.ts';
import { compose as composeDrift } from '../functions/drift/compose.ts';
import { compose as composeIngest } from '../functions/ingest/compose.ts';
import { compose as composeNotify } from '../functions/notify/compose.ts';
import { compose as composePlan } from '../functions/plan/compose.ts';
import { compose as composeReconcile } from '../functions/reconcile/compose.ts';
import { compose as composeStatus } from '../functions/status/compose.ts';
import { compose as composeSweep } from '../functions/sweep/compose.ts';
import { FUNCTIONS, type FunctionName } from '../shared/resources.ts';

/** The environment that CDK would give the functions, all of them together. */
export type FunctionEnvironment = Record<string, string>;

/** The deployed functions, built in this process from an environment, as Lambda would build each in its own. */
export function composeFunctions(env: FunctionEnvironment) {
  return {
    ingest: composeIngest(env),
    status: composeStatus(env),
    catalog: composeCatalog(env),
    apply: composeApply(env),
    sweep: composeSweep(env),
    reconcile: composeReconcile(env),
    drift: composeDrift(env),
    notify: composeNotify(env),
    plan: composePlan(env),
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

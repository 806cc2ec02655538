import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ChangeRequest } from '../change/change.ts';
import { fingerprint } from '../change/fingerprint.ts';
import type { Decision } from '../decide/decision.ts';
import type { LiveView } from '../group/live-view.ts';
import { computeReach } from '../reach/reach.ts';
import type { ReachNeed } from '../reach/reach-need.ts';
import { exposedRuleSchema, exposedRules, type NamedExposedRule } from './exposed-rules.ts';
import { resolveReferences } from './resolved-references.ts';

/**
 * A plan's binding holds a change to the plan that its approver saw: the ids its names led to, and the access it was to
 * open. It is small enough to be stored and sent with the change (docs/plans.md, docs/adr/0009).
 */
export const planBindingSchema = z.strictObject({
  /** SHA-256 over the rest, 64 hex characters: the plan's name. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Ids of what the change names by name, in the order of `resolveReferences`; '' where a name led nowhere. */
  resolved: z.array(z.string()),
  /** null: the reach was not computed, so nothing is compared with it. */
  exposes: z.array(exposedRuleSchema).nullable(),
});

export type PlanBinding = z.output<typeof planBindingSchema>;

/** What a change was decided on, now or when it was planned. */
export type DecidedChange = { change: ChangeRequest; live: LiveView; decision: Decision };

/**
 * `need`: whether the worker will read the rules for this change; what it will not look at is not promised either. A plan
 * that says "would be rejected" promises where the names lead, and nothing about access.
 */
export function bindPlan(decided: DecidedChange, need: ReachNeed): PlanBinding {
  const resolved = resolveReferences(decided.change, decided.live).map(({ id }) => id);
  const exposes =
    need.kind === 'none'
      ? null
      : (exposedBy(decided)?.map(({ rule, sure, applications }) => ({ rule, sure, applications })) ?? null);
  return { hash: hashOf({ resolved, exposes }), resolved, exposes };
}

const hashOf = (content: Omit<PlanBinding, 'hash'>) =>
  createHash('sha256')
    .update(JSON.stringify([content.resolved, content.exposes]))
    .digest('hex');

/** The rules by which the decision opens access; undefined: nobody could tell. */
export function exposedBy({ live, decision }: DecidedChange): NamedExposedRule[] | undefined {
  if (decision.kind === 'rejected') return undefined;
  const reach = computeReach(decision.kind === 'write' ? decision.transitions : [], live.reading);
  return reach.status === 'checked' ? exposedRules(reach.rules ?? []) : undefined;
}

/**
 * Equal for changes that ask for the same, whenever and by whichever approval: key, window and place in the set aside. By it
 * an approved change finds the plan that was made of it.
 */
export function contentFingerprint(change: ChangeRequest): string {
  const timeless = { notBefore: undefined, notAfter: undefined, changeSet: undefined };
  return fingerprint({ ...change, ...timeless, idempotencyKey: 'plan' });
}

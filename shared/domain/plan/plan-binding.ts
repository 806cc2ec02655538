import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ChangeRequest } from '../change/change.ts';
import { fingerprint } from '../change/fingerprint.ts';
import type { ChangeScope } from '../decide/accepted-scope.ts';
import type { Decision } from '../decide/decision.ts';
import type { LiveView } from '../group/live-view.ts';
import { computeReach } from '../reach/reach.ts';
import type { ReachNeed } from '../reach/reach-need.ts';
import { exposedRuleSchema, exposedRules, type NamedExposedRule } from './exposed-rules.ts';
import { resolveReferences } from './resolved-references.ts';

/**
 * A plan's binding holds a change to the plan that its approver saw: the ZPA customer and microtenant it was made for, the
 * ids its names led to, and the access it was to open. It is small enough to be stored and sent with the change
 * (docs/plans.md, docs/adr/0009).
 */
export const planBindingSchema = z.strictObject({
  /** SHA-256 over the rest, 64 hex characters: it identifies the plan. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** The ZPA customer, as its lane, and the microtenant; absent from bindings of earlier versions. */
  lane: z.string().optional(),
  microtenantId: z.string().optional(),
  /**
   * Ids of the objects that the change references by name, in the order of `resolveReferences`; '' for a name without
   * one.
   */
  resolved: z.array(z.string()),
  /** null: the reach was not computed, so it is not compared. */
  exposes: z.array(exposedRuleSchema).nullable(),
  /** The comment left out a part of the plan, so nobody has approved all of it by its plan. */
  shown: z.literal(false).optional(),
});

export type PlanBinding = z.output<typeof planBindingSchema>;

/** A change with the live state it was decided on, and the decision; now, or when it was planned. */
export type DecidedChange = { change: ChangeRequest; live: LiveView; decision: Decision };

/**
 * The binding of a plan. `need`: whether the worker will read the rules for this change; a reach that it will not
 * compute is not bound. The plan of a change that would be rejected showed no access, so whatever it opens once it is not
 * rejected any more is more than planned.
 */
export function bindPlan(decided: DecidedChange, need: ReachNeed, scope: ChangeScope): PlanBinding {
  const resolved = resolveReferences(decided.change, decided.live).map(({ id }) => id);
  const opened = decided.decision.kind === 'rejected' ? [] : exposedBy(decided);
  const exposes =
    need.kind === 'none' || opened === undefined
      ? null
      : opened.map(({ rule, sure, applications }) => ({ rule, sure, applications }));
  const { lane, microtenantId } = scope;
  return { hash: hashOf({ lane, microtenantId, resolved, exposes }), lane, microtenantId, resolved, exposes };
}

const hashOf = (content: Omit<PlanBinding, 'hash'>) =>
  createHash('sha256')
    .update(JSON.stringify([content.resolved, content.exposes, content.lane, content.microtenantId]))
    .digest('hex');

/** The rules by which the decision opens access; undefined: it is rejected, or the rules were not read. */
export function exposedBy({ live, decision }: DecidedChange): NamedExposedRule[] | undefined {
  if (decision.kind === 'rejected') return undefined;
  const reach = computeReach(decision.kind === 'write' ? decision.transitions : [], live.reading);
  return reach.status === 'checked' ? exposedRules(reach.rules ?? []) : undefined;
}

/**
 * Equal for changes with the same content under any approval: it leaves out key, window and place in the set. An
 * approved change finds its plan by it.
 */
export function contentFingerprint(change: ChangeRequest): string {
  const timeless = { notBefore: undefined, notAfter: undefined, changeSet: undefined };
  return fingerprint({ ...change, ...timeless, idempotencyKey: 'plan' });
}

import type { ChangeRequest } from '../change/change.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { ChangeRef, Lane } from '../lane/change-ref.ts';
import { LANE_MISMATCH_REMEDY, laneMismatch } from '../lane/lane-tenants.ts';
import { microtenantIdOf } from './permit.ts';

/** The ZPA customer, as its lane, and the microtenant that a change is carried out in. */
export type ChangeScope = { lane: Lane; microtenantId: string };

type AcceptedChange = {
  ref: ChangeRef;
  change: ChangeRequest;
  /** The microtenant that it was accepted for; changes that an earlier version accepted do not hold it. */
  microtenantId?: string;
};

/**
 * The reason and the remedy if an accepted change must not be carried out (any more): the configuration was edited since
 * and leads the change to another ZPA customer or microtenant than it was approved for, or to none. undefined: it may be
 * carried out where the configuration leads it.
 */
export function scopeMismatch(
  configuration: Configuration,
  { ref, change, microtenantId }: AcceptedChange,
): { sentence: string; remedy: string } | undefined {
  const why = laneMismatch(configuration, change.tenant, ref.lane);
  if (why !== undefined) return { sentence: why, remedy: LANE_MISMATCH_REMEDY };
  const now = microtenantIdOf(configuration, change);
  if (now !== undefined && (microtenantId ?? now) === now) return undefined;
  const found = now === undefined ? unresolved(change) : `the settings now assign it to ${microtenantText(now)}`;
  if (microtenantId === undefined) return { sentence: found, remedy: remedyFor('as they were') };
  const accepted = microtenantText(microtenantId);
  return {
    sentence: `the change was accepted for ${accepted} of tenant "${change.tenant}"; ${found}`,
    remedy: remedyFor(`so that the change belongs to ${accepted} again`),
  };
}

function unresolved({ tenant, microtenant }: ChangeRequest): string {
  return microtenant === undefined
    ? `tenant "${tenant}" has several microtenants and the change names none`
    : `microtenant "${microtenant}" of tenant "${tenant}" is not in the settings`;
}

const remedyFor = (how: string) =>
  `Restore the tenant's microtenants in the settings ${how}, then retry; or send the change again under a new approval.`;

/** ZPA's id of the Default microtenant is '0'. */
const microtenantText = (id: string) =>
  id === '0' ? 'the Default microtenant (id 0)' : `the microtenant with id ${id}`;

import { joined, type Resolution } from '../../../../shared/domain/drift/resolve/resolution.ts';
import { laneMismatch } from '../../../../shared/domain/lane/lane-tenants.ts';
import { knownNames } from '../../../../shared/domain/outcome/known-names.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { effectOfApplied } from '../../../../shared/domain/undo/returns.ts';
import { undoChanges } from '../../../../shared/domain/undo/undo-changes.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { CommandContext } from '../../session/command.ts';
import { readUndoState } from './read-undo-state.ts';

/** The changes that put back what these wrote, and the names of the objects in them. */
export type UndoDraft = { resolution: Resolution; names: ReadonlyMap<string, string> };

/**
 * Drafts the inverse of changes from what they wrote and what ZPA holds. Throws an `OpsError` if there is nothing to undo, or if a
 * tenant stands for another customer by now.
 */
export async function draftUndo(context: CommandContext, records: readonly ChangeRecord[]): Promise<UndoDraft> {
  for (const record of records) requireSameCustomer(context, record);
  const lanes = [...Map.groupBy(records, ({ ref }) => ref.lane)];
  const resolutions = [];
  const names = new Map<string, string>();
  for (const [lane, ofLane] of lanes) {
    const state = await readUndoState(context, lane, ofLane);
    resolutions.push(undoChanges(ofLane, state));
    for (const [id, name] of namesIn(ofLane)) names.set(id, name);
    for (const group of state.groups.values()) if (group !== null) names.set(group.id, group.name);
  }
  const resolution = joined(resolutions);
  if (resolution.units.length + resolution.unresolved.length === 0) throw nothingToUndo(resolution.notes);
  return { resolution, names };
}

function namesIn(records: readonly ChangeRecord[]): [string, string][] {
  return records.flatMap(({ change, outcome }) =>
    outcome?.kind === 'applied' ? [...knownNames(change, outcome.effect)] : [],
  );
}

function requireSameCustomer({ session }: CommandContext, record: ChangeRecord): void {
  const { ref } = record;
  if (effectOfApplied(record) === undefined) return;
  if (laneMismatch(session.configuration, ref.tenant, ref.lane) === undefined) return;
  const sentence = `${ref.idempotencyKey} was applied to ${ref.lane}, which tenant "${ref.tenant}" no longer stands for.`;
  throw new OpsError(EXIT.failed, 'tenant-changed', sentence, 'Put it right in ZPA, or configure that customer again.');
}

function nothingToUndo(notes: readonly string[]): OpsError {
  const remedy = 'Only applied changes can be undone: see the state of each.';
  return new OpsError(EXIT.failed, 'nothing-to-undo', notes.join('\n'), remedy);
}

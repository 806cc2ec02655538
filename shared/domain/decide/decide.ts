import { type ChangeRequest, referenceKey } from '../change/change.ts';
import type { ResolvedNames } from '../configuration/grants.ts';
import type { Application } from '../group/group.ts';
import { applicationsToRead, type Found, type LiveView } from '../group/live-view.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import { asUpdate, checkConfigSpace } from './as-update.ts';
import { decideAccept } from './decide-accept.ts';
import { describeReference, resolveGroup } from './decide-checks.ts';
import { decideCreate } from './decide-create.ts';
import { decideDelete } from './decide-delete.ts';
import { decideUpdate } from './decide-update.ts';
import type { Decision, Permit, ResolvedApplications } from './decision.ts';
import { touchedNames } from './touched-names.ts';
import { withholdGroups } from './withhold-groups.ts';

/**
 * Decides one change against live state: the writes it needs, or the rejection. The same code makes plans, decides for
 * the worker, and is applied to several changes of one group in turn by `fold-step.ts`.
 */
export function decide(request: ChangeRequest, live: LiveView, microtenantId: string, permit: Permit): Decision {
  const resolved = resolveApplications(request, live);
  // The grants may have been narrowed since ingest, and whether a name outside them exists must not be told.
  if ('kind' in resolved) return permit(namesSought(request, live)) ?? resolved;
  const change = asUpdate(request, live.group);
  const decision = decideAction(change, live, resolved, microtenantId);
  // A missing grant outranks any other rejection about an existing group, so its source learns nothing of the group.
  const namesAreKnown = change.action === 'create' || change.action === 'accept' || live.group.kind === 'found';
  const refused = permit(namesAreKnown ? touchedNames(change, live, resolved, decision) : namesSought(request, live));
  if (refused !== undefined) return refused;
  if (decision.kind === 'rejected') {
    return withholdGroups(decision, (name) => permit({ ...NOTHING_RESOLVED, groupNames: [name] }) === undefined);
  }
  if (live.group.kind !== 'found') return decision;
  return checkConfigSpace(request, live.group.value) ?? decision;
}

const NOTHING_RESOLVED: ResolvedNames = { groupNames: [], applicationNames: [], unnamedApplications: [] };

/** The approved names of what the change would end and ZPA lacks. */
function namesSought({ group }: ChangeRequest, { group: found, soughtBefore: before }: LiveView): ResolvedNames {
  if (before === undefined) return NOTHING_RESOLVED;
  const known = found.kind === 'found' ? [found.value.name] : [];
  const groupNames = before.group.name === undefined ? known : [...known, before.group.name];
  const unnamedGroups = groupNames.length === 0 && 'id' in group ? [group.id] : [];
  return { groupNames, unnamedGroups, applicationNames: [], unnamedApplications: before.dropped };
}

function decideAction(
  change: ChangeRequest,
  live: LiveView,
  resolved: ResolvedApplications,
  microtenantId: string,
): Decision {
  if (change.action === 'create') return decideCreate(change, live, resolved, microtenantId);
  if (change.action === 'accept') return decideAccept(change, live, microtenantId);
  const group = resolveGroup(change.group, live.group, 'group');
  if ('kind' in group) return group;
  return change.action === 'update'
    ? decideUpdate(change, group, live, resolved)
    : decideDelete(change, group, live, resolved);
}

function resolveApplications(change: ChangeRequest, live: LiveView): ResolvedApplications | Rejection {
  const resolved = new Map<string, Application>();
  for (const reference of applicationsToRead(change, live.approvedBefore)) {
    const key = referenceKey(reference);
    const found: Found<Application> = live.applications.get(key) ?? { kind: 'missing' };
    // An application that is gone from ZPA may be accepted as no member.
    if (change.action === 'accept' && found.kind === 'missing') continue;
    if (found.kind === 'missing') {
      const sentence = `no application segment ${describeReference(reference)} in this tenant and microtenant`;
      return reject('application-not-found', sentence, { path: 'applications', ...lackingIn(change, live) });
    }
    if (found.kind === 'ambiguous') {
      return reject('application-name-ambiguous', `several application segments are ${describeReference(reference)}`, {
        path: 'applications',
        details: { candidates: found.candidates.slice(0, 20) },
      });
    }
    resolved.set(key, found.value);
  }
  return resolved;
}

/** The ids that ZPA does not have, of all application segments of the change. */
function lackingIn(change: ChangeRequest, { applications, approvedBefore }: LiveView) {
  const lacking = applicationsToRead(change, approvedBefore).flatMap((one) =>
    'id' in one && applications.get(referenceKey(one))?.kind === 'missing' ? [one.id] : [],
  );
  return lacking.length === 0 ? {} : { details: { applications: [...new Set(lacking)] } };
}

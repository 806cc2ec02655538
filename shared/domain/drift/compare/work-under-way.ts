import { type ChangeRequest, membershipOf, type Reference, referenceKey } from '../../change/change.ts';
import { destinationOf, newNameOf } from '../../group/live-view.ts';
import type { Approved } from '../../outcome/outcome.ts';
import type { PlannedWrite } from '../../records/intent.ts';
import type { Facet, GroupRef } from '../report.ts';

/** The number of changes at work on a facet of a group, which has these names. */
export type AtWork = (group: PlaceOfWork, facet: Facet, application?: GroupRef) => number;
export type PlaceOfWork = { id: string; names: readonly string[] };

/** A part of the tenant that a change is at work on: `all` of a group, its membership, one facet; or one application. */
type GroupPart = 'all' | 'exists' | 'members' | 'name' | 'description' | 'enabled';

/** Collects which changes are at work on what. An application is in one group, so work on it is work on it in every group. */
export class WorkUnderWay {
  readonly #changes = new Map<string, Set<string>>();

  readonly atWork: AtWork = ({ id, names }, facet, application) => {
    const groups = [{ id }, ...names.map((name) => ({ name }))].map(referenceKey);
    const part = facet.startsWith('app:') ? 'members' : facet;
    const keys = groups.flatMap((group) => [`${group} all`, `${group} ${part}`]);
    if (application !== undefined) {
      const { id: applicationId, name } = application;
      keys.push(applicationKey({ id: applicationId }), applicationKey({ name }));
    }
    return new Set(keys.flatMap((key) => [...(this.#changes.get(key) ?? [])])).size;
  };

  /** The parts that the request names. */
  addRequest(change: string, request: ChangeRequest): void {
    if (request.action === 'create' || request.action === 'delete') this.addGroup(change, request.group, 'all');
    if (request.action === 'create') this.#addApplications(change, request.applications);
    const destination = destinationOf(request);
    if (destination !== undefined) this.addGroup(change, destination, 'members');
    if (request.action !== 'update') return;
    for (const field of ['name', 'description', 'enabled'] as const) {
      if (request.set?.[field] !== undefined) this.addGroup(change, request.group, field);
    }
    const name = newNameOf(request);
    if (name !== undefined) this.addGroup(change, { name }, 'name');
    const membership = membershipOf(request);
    if (membership?.replace !== undefined) this.addGroup(change, request.group, 'members');
    this.#addApplications(change, [
      ...(membership?.add ?? []),
      ...(membership?.remove ?? []),
      ...(membership?.replace ?? []),
    ]);
  }

  /** The parts that a write alters. */
  addWrite(change: string, { write, before }: PlannedWrite, createdId: string | undefined): void {
    if (write.kind === 'create') {
      this.addGroup(change, { name: write.name }, 'all');
      if (createdId !== undefined) this.addGroup(change, { id: createdId }, 'all');
      this.#addApplications(change, write.applicationIds.map(byId));
      return;
    }
    const group = { id: write.groupId };
    if (write.kind === 'delete') {
      this.addGroup(change, group, 'all');
      return;
    }
    for (const field of ['name', 'description', 'enabled'] as const) {
      if (before === null || before[field] !== write.fields[field]) this.addGroup(change, group, field);
    }
    this.#addApplications(change, [...write.addedApps, ...write.deletedApps].map(byId));
  }

  /** The parts that the approved state of a change states. */
  addApproved(change: string, approved: Approved): void {
    for (const { groupId: id, fields, members, deleted } of [approved, ...(approved.others ?? [])]) {
      if (deleted) this.addGroup(change, { id }, 'all');
      if (members.exactly !== undefined) this.addGroup(change, { id }, 'members');
      for (const field of ['name', 'description', 'enabled'] as const) {
        if (fields[field] !== undefined) this.addGroup(change, { id }, field);
      }
      this.#addApplications(change, [...members.has, ...members.hasNot, ...(members.exactly ?? [])].map(byId));
    }
  }

  addGroup(change: string, group: Reference, part: GroupPart): void {
    this.#note(`${referenceKey(group)} ${part}`, change);
  }

  addApplication(change: string, application: Reference): void {
    this.#note(applicationKey(application), change);
  }

  #addApplications(change: string, applications: readonly Reference[]): void {
    for (const application of applications) this.addApplication(change, application);
  }

  #note(key: string, change: string): void {
    const changes = this.#changes.get(key);
    if (changes === undefined) this.#changes.set(key, new Set([change]));
    else changes.add(change);
  }
}

const byId = (id: string): Reference => ({ id });
const applicationKey = (application: Reference) => `application ${referenceKey(application)}`;

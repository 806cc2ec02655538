import { type ChangeRequest, membershipOf, type Reference, referenceKey } from '../../change/change.ts';
import { destinationOf, newNameOf } from '../../group/live-view.ts';
import type { Approved } from '../../outcome/outcome.ts';
import type { PlannedWrite } from '../../records/intent.ts';
import type { Facet, GroupRef } from '../report.ts';

/** The number of changes at work on a facet of a group, which has these names. */
export type AtWork = (group: PlaceOfWork, facet: Facet, application?: GroupRef) => number;
export type PlaceOfWork = { id: string; names: readonly string[]; microtenantId: string };

/** A part of the tenant that a change is at work on: `all` of a group, its membership, one facet; or one application. */
type GroupPart = 'all' | 'exists' | 'members' | 'name' | 'description' | 'enabled';

/** Collects which changes are at work on what. An application is in one group, so work on it is work on it in every group. */
export class WorkUnderWay {
  readonly #changes = new Map<string, Set<string>>();

  readonly atWork: AtWork = ({ id, names, microtenantId }, facet, application) => {
    const keysOf = (all: readonly Reference[]) =>
      [undefined, microtenantId].flatMap((place) => all.map((one) => keyIn(place, one)));
    const groups = keysOf([{ id }, ...names.map((name) => ({ name }))]);
    const part = facet.startsWith('app:') ? 'members' : facet;
    const keys = groups.flatMap((group) => [`${group} all`, `${group} ${part}`]);
    if (application !== undefined) {
      keys.push(...keysOf([{ id: application.id }, { name: application.name }]).map(applicationKey));
    }
    return new Set(keys.flatMap((key) => [...(this.#changes.get(key) ?? [])])).size;
  };

  /** The parts that the request names. `microtenantId`: of the change; without it a name counts in all microtenants. */
  addRequest(change: string, request: ChangeRequest, microtenantId?: string): void {
    const addGroup = (group: Reference, part: GroupPart) => this.addGroup(change, group, part, microtenantId);
    const addApplications = (all: readonly Reference[]) => this.#addApplications(change, all, microtenantId);
    if (request.action === 'create' || request.action === 'delete') addGroup(request.group, 'all');
    if (request.action === 'create') addApplications(request.applications);
    const destination = destinationOf(request);
    if (destination !== undefined) addGroup(destination, 'members');
    if (request.action !== 'update') return;
    for (const field of ['name', 'description', 'enabled'] as const) {
      if (request.set?.[field] !== undefined) addGroup(request.group, field);
    }
    const name = newNameOf(request);
    if (name !== undefined) addGroup({ name }, 'name');
    const membership = membershipOf(request);
    if (membership?.replace !== undefined) addGroup(request.group, 'members');
    addApplications([...(membership?.add ?? []), ...(membership?.remove ?? []), ...(membership?.replace ?? [])]);
  }

  /** The parts that a write alters. */
  addWrite(change: string, { write, before }: PlannedWrite, createdId: string | undefined): void {
    if (write.kind === 'create') {
      this.addGroup(change, { name: write.name }, 'all', write.microtenantId);
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

  addGroup(change: string, group: Reference, part: GroupPart, microtenantId?: string): void {
    this.#note(`${keyIn(microtenantId, group)} ${part}`, change);
  }

  addApplication(change: string, application: Reference, microtenantId?: string): void {
    this.#note(applicationKey(keyIn(microtenantId, application)), change);
  }

  #addApplications(change: string, applications: readonly Reference[], microtenantId?: string): void {
    for (const application of applications) this.addApplication(change, application, microtenantId);
  }

  #note(key: string, change: string): void {
    const changes = this.#changes.get(key);
    if (changes === undefined) this.#changes.set(key, new Set([change]));
    else changes.add(change);
  }
}

const byId = (id: string): Reference => ({ id });
const applicationKey = (key: string) => `application ${key}`;

/** A name means an object of its microtenant only; an id means the same in all. */
const keyIn = (microtenantId: string | undefined, reference: Reference) =>
  'id' in reference || microtenantId === undefined
    ? referenceKey(reference)
    : `${microtenantId} ${referenceKey(reference)}`;

import * as z from 'zod';
import type { SegmentGroup } from '../../domain/group/group.ts';
import type { ZpaWrite } from '../../domain/records/intent.ts';
import type { Zpa } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import { type Caller, parseAnswer, type ZpaCall } from './call.ts';
import { zpaId } from './fields.ts';

type Update = Extract<ZpaWrite, { kind: 'update' }>;
type Create = Extract<ZpaWrite, { kind: 'create' }>;
type WriteOptions = Pick<ZpaCall, 'signal' | 'sendBefore'>;

const createdSchema = z.object({ id: zpaId });

/** ZPA answers 201 to a create (recorded; its documentation says 200), and 204 without a body to update and delete. */
const CREATED = [200, 201];
const DONE = [204];

/** Writes segment groups as the port `Zpa` requires; each call sends one request. */
export function createGroupWriter(caller: Caller): Zpa['write'] {
  return async (write, before, options = {}) => {
    switch (write.kind) {
      case 'create':
        return { groupId: await create(caller, write, options) };
      case 'update':
        await caller(toUpdateCall(write, before, options), DONE);
        return { groupId: write.groupId };
      case 'delete':
        await caller(toCall(write, 'DELETE', 'v1', options), DONE);
        return { groupId: write.groupId };
    }
  };
}

async function create(caller: Caller, write: Create, options: WriteOptions): Promise<string> {
  const { name, description, enabled, configSpace, applicationIds } = write;
  const call: ZpaCall = {
    method: 'POST',
    version: 'v1',
    pattern: '/segmentGroup',
    query: microtenantQuery(write),
    body: {
      name,
      description,
      enabled,
      configSpace,
      applications: references(applicationIds),
      ...microtenantField(write),
    },
    ...options,
  };
  return parseAnswer(createdSchema, await caller(call, CREATED), call).id;
}

/**
 * An update always sends name, description and enabled: v1 clears a description that is left out (recorded), and
 * whether v2 does so is not established. v2 takes membership as a delta. v1 takes the whole list, so `before` must have
 * been read just before.
 */
function toUpdateCall(write: Update, before: SegmentGroup | null, options: WriteOptions): ZpaCall {
  const membership =
    write.via === 'v2' ? membershipDelta(write) : { applications: references(fullMembership(write, before)) };
  const body = { ...write.fields, ...membership, ...microtenantField(write) };
  return { ...toCall(write, 'PUT', write.via, options), body };
}

function membershipDelta({ addedApps, deletedApps }: Update): { addedApps?: string[]; deletedApps?: string[] } {
  return {
    ...(addedApps.length === 0 ? {} : { addedApps }),
    ...(deletedApps.length === 0 ? {} : { deletedApps }),
  };
}

function fullMembership(write: Update, before: SegmentGroup | null): string[] {
  if (before === null) {
    const reason = 'an update through v1 needs the group as it was read just before';
    throw new ZpaError(reason, { code: 'invalid-argument' }, { on: 'write', unsent: true, reason });
  }
  const deletedIds = new Set(write.deletedApps);
  const members = new Set([...before.applicationIds, ...write.addedApps].filter((id) => !deletedIds.has(id)));
  return [...members].sort();
}

const references = (ids: readonly string[]) => ids.map((id) => ({ id }));

function toCall(
  write: Exclude<ZpaWrite, { kind: 'create' }>,
  method: 'PUT' | 'DELETE',
  version: 'v1' | 'v2',
  options: WriteOptions,
): ZpaCall {
  const ids = [write.groupId];
  return { method, version, pattern: '/segmentGroup/{id}', ids, query: microtenantQuery(write), ...options };
}

/**
 * A write without a microtenant id goes to the Default microtenant (help.zscaler.com, "Getting Started with the ZPA
 * API"), and a tenant without microtenants may not know the parameter. Any other id is sent in query and body, as the
 * public Python SDK does, because a PUT of the whole object must not move the group.
 */
function microtenantQuery({ microtenantId }: ZpaWrite): { microtenantId: string | undefined } {
  return { microtenantId: microtenantId === '0' ? undefined : microtenantId };
}

function microtenantField({ microtenantId }: ZpaWrite): { microtenantId?: string } {
  return microtenantId === '0' ? {} : { microtenantId };
}

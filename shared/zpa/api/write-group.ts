import { z } from 'zod';
import type { SegmentGroup } from '../../domain/group/group.ts';
import type { ZpaWrite } from '../../domain/records/intent.ts';

import type { Zpa } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import { type Caller, parseAnswer, type ZpaCall } from './call.ts';
import { zpaId } from './segment-groups.ts';

type Update = Extract<ZpaWrite, { kind: 'update' }>;
type Create = Extract<ZpaWrite, { kind: 'create' }>;
type Sending = Pick<ZpaCall, 'signal' | 'sendBefore'>;

const createdSchema = z.looseObject({ id: zpaId });

/** ZPA answers 201 to a create (recorded; its page says 200), 204 without a body to an update and a delete. */
const CREATED = [200, 201];
const DONE = [204];

/** Segment groups, written: one request per call, in the port's words. */
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

async function create(caller: Caller, write: Create, options: Sending): Promise<string> {
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
 * Name, description and enabled always go along: v1 clears a description that is left out (recorded), and whether v2
 * does is not established. Membership is a delta in v2; v1 takes the whole list, so that needs `before` fresh.
 */
function toUpdateCall(write: Update, before: SegmentGroup | null, options: Sending): ZpaCall {
  const membership = write.via === 'v2' ? deltas(write) : { applications: references(fullList(write, before)) };
  const body = { ...write.fields, ...membership, ...microtenantField(write) };
  return { ...toCall(write, 'PUT', write.via, options), body };
}

function deltas({ addedApps, deletedApps }: Update): { addedApps?: string[]; deletedApps?: string[] } {
  return {
    ...(addedApps.length === 0 ? {} : { addedApps }),
    ...(deletedApps.length === 0 ? {} : { deletedApps }),
  };
}

function fullList(write: Update, before: SegmentGroup | null): string[] {
  if (before === null) {
    const reason = 'an update through v1 needs the group as it was read just before';
    throw new ZpaError(reason, { code: 'invalid-argument' }, { on: 'write', unsent: true, reason });
  }
  const leaving = new Set(write.deletedApps);
  const members = new Set([...before.applicationIds, ...write.addedApps].filter((id) => !leaving.has(id)));
  return [...members].sort();
}

const references = (ids: readonly string[]) => ids.map((id) => ({ id }));

function toCall(
  write: Exclude<ZpaWrite, { kind: 'create' }>,
  method: 'PUT' | 'DELETE',
  version: 'v1' | 'v2',
  options: Sending,
): ZpaCall {
  const ids = [write.groupId];
  return { method, version, pattern: '/segmentGroup/{id}', ids, query: microtenantQuery(write), ...options };
}

/**
 * A write without microtenant goes to the Default one (help.zscaler.com, "Getting Started with the ZPA API"), and a tenant
 * that has no microtenants may not know the parameter. Elsewhere it goes into query and body, as the public Python SDK
 * sends it: a whole-object PUT must not move the group.
 */
function microtenantQuery({ microtenantId }: ZpaWrite): { microtenantId: string | undefined } {
  return { microtenantId: microtenantId === '0' ? undefined : microtenantId };
}

function microtenantField({ microtenantId }: ZpaWrite): { microtenantId?: string } {
  return microtenantId === '0' ? {} : { microtenantId };
}

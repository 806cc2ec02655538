import { afterEach, describe, expect, it } from 'vitest';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { ZpaWrite } from '../../../shared/domain/records/intent.ts';
import { type Reply, type Script, type ScriptedZpa, startScriptedZpa, systemClock } from './scripted-zpa.ts';

let zpa: ScriptedZpa | undefined;
afterEach(() => zpa?.close());
const start = async (script: Script) => {
  zpa = await startScriptedZpa(script);
  return zpa;
};

const CREATE: ZpaWrite = {
  kind: 'create',
  name: 'Remote Access',
  description: 'Remote Access Applications',
  enabled: true,
  configSpace: 'DEFAULT',
  applicationIds: ['926196382959075422', '926196382959075423'],
  microtenantId: '0',
};
const update = (via: 'v1' | 'v2', more: Partial<Extract<ZpaWrite, { kind: 'update' }>> = {}): ZpaWrite => ({
  kind: 'update',
  via,
  groupId: '45096653',
  microtenantId: '0',
  fields: { name: 'Development Apps', description: '', enabled: true, configSpace: 'DEFAULT' },
  addedApps: [],
  deletedApps: [],
  ...more,
});
const BEFORE: SegmentGroup = {
  id: '45096653',
  name: 'Old',
  description: '',
  enabled: false,
  configSpace: 'DEFAULT',
  microtenantId: '0',
  applicationIds: ['11', '12', '13'],
  readOnly: false,
  modifiedBy: undefined,
  modifiedTime: undefined,
  creationTime: undefined,
};

describe('a write', () => {
  it('create posts the group with its applications and answers the id', async () => {
    const server = await start(() => ({ status: 201, body: { id: '216196257331404691', enabled: true } }));
    expect(await server.zpa().write(CREATE, null)).toEqual({ groupId: '216196257331404691' });
    const [call] = server.calls;
    expect([call?.method, call?.path, call?.query]).toEqual(['POST', '/v1/segmentGroup', '']);
    expect(JSON.parse(call?.body ?? '')).toEqual({
      name: 'Remote Access',
      description: 'Remote Access Applications',
      enabled: true,
      configSpace: 'DEFAULT',
      applications: [{ id: '926196382959075422' }, { id: '926196382959075423' }],
    });
  });

  it('v2 update sends name, description, enabled and the deltas as id strings', async () => {
    const server = await start(() => ({ status: 204 }));
    const write = update('v2', { addedApps: ['21', '22'], deletedApps: ['12'] });
    expect(await server.zpa().write(write, BEFORE)).toEqual({ groupId: '45096653' });
    const [call] = server.calls;
    expect([call?.method, call?.path]).toEqual(['PUT', '/v2/segmentGroup/45096653']);
    expect(JSON.parse(call?.body ?? '')).toEqual({
      name: 'Development Apps',
      description: '',
      enabled: true,
      configSpace: 'DEFAULT',
      addedApps: ['21', '22'],
      deletedApps: ['12'],
    });
  });

  it('v2 update without deltas names no membership at all', async () => {
    const server = await start(() => ({ status: 204 }));
    await server.zpa().write(update('v2'), BEFORE);
    expect(Object.keys(JSON.parse(server.calls[0]?.body ?? ''))).toEqual([
      'name',
      'description',
      'enabled',
      'configSpace',
    ]);
  });

  it('v1 update sends the whole fresh list with the deltas applied', async () => {
    const server = await start(() => ({ status: 204 }));
    await server.zpa().write(update('v1', { addedApps: ['21', '11'], deletedApps: ['12'] }), BEFORE);
    const [call] = server.calls;
    expect(call?.path).toBe('/v1/segmentGroup/45096653');
    expect(JSON.parse(call?.body ?? '').applications).toEqual([{ id: '11' }, { id: '13' }, { id: '21' }]);
    await expect(server.zpa().write(update('v1'), null)).rejects.toMatchObject({
      code: 'invalid-argument',
      fault: { effect: 'none' },
    });
    expect(server.calls).toHaveLength(1);
  });

  it('delete answers the id it deleted', async () => {
    const server = await start(() => ({ status: 204 }));
    const deleted = await server.zpa().write({ kind: 'delete', groupId: '45096653', microtenantId: '0' }, BEFORE);
    expect(deleted).toEqual({ groupId: '45096653' });
    expect([server.calls[0]?.method, server.calls[0]?.path]).toEqual(['DELETE', '/v1/segmentGroup/45096653']);
  });

  it('of another microtenant says so in query and body, of the Default one nowhere', async () => {
    const server = await start(({ method }) =>
      method === 'POST' ? { status: 201, body: { id: '1' } } : { status: 204 },
    );
    const client = server.zpa();
    const microtenantId = '72058304855174572';
    await client.write({ ...CREATE, microtenantId }, null);
    await client.write(update('v2', { microtenantId }), BEFORE);
    await client.write({ kind: 'delete', groupId: '1', microtenantId }, BEFORE);
    expect(server.calls.map(({ query }) => query)).toEqual(Array(3).fill(`?microtenantId=${microtenantId}`));
    expect(server.calls.slice(0, 2).map(({ body }) => JSON.parse(body).microtenantId)).toEqual([
      microtenantId,
      microtenantId,
    ]);
  });

  it.each<[string, ZpaWrite, Reply]>([
    ['a create without id', CREATE, { status: 201, body: { name: 'Remote Access' } }],
    ['a create with a fraction for id', CREATE, { status: 201, body: { id: 216.5 } }],
    ['a create answered by a page', CREATE, { status: 200, text: '<html>login</html>' }],
    ['a create answered half', CREATE, { status: 201, text: '{"id":"21619' }],
    ['a create answered empty', CREATE, { status: 201 }],
    ['an update answered 200', update('v2'), { status: 200, text: '<html>login</html>' }],
    ['an update answered empty 200', update('v2'), { status: 200 }],
    ['an update answered 202', update('v2'), { status: 202 }],
    ['a redirect', update('v2'), { status: 302, headers: { location: '/' } }],
    ['500', update('v2'), { status: 500 }],
    ['502', update('v2'), { status: 502 }],
    ['503', update('v2'), { status: 503, body: { id: 'retryable.server.error' }, headers: { 'retry-after': '10s' } }],
    ['504', update('v2'), { status: 504 }],
  ])('%s may have taken effect, and is not repeated', async (_, write, reply) => {
    const server = await start(() => reply);
    await expect(server.zpa().write(write, BEFORE)).rejects.toMatchObject({ fault: { effect: 'unknown' } });
    expect(server.calls).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['429', { status: 429, headers: { 'retry-after': '4s' } }],
    ['400', { status: 400, body: { id: 'invalid.resource.argument' } }],
    ['404', { status: 404, text: '404 Not Found' }],
    ['409', { status: 409, body: { id: 'api.concurrent.access.error' } }],
  ])('%s was refused, and is not repeated', async (_, reply) => {
    const server = await start(() => reply);
    await expect(server.zpa().write(update('v2'), BEFORE)).rejects.toMatchObject({ fault: { effect: 'none' } });
    expect(server.calls).toHaveLength(1);
  });

  it('is not sent after its time, however long the budget took', async () => {
    const server = await start(() => ({ status: 204 }));
    let now = 1_000;
    const clock = { ...systemClock, now: () => now };
    const take = async () => {
      now = 9_000;
      return () => undefined;
    };
    const limiter = { ...server.limiter, take };
    const client = server.zpa({ clock, limiter });
    await expect(client.write(update('v2'), BEFORE, { sendBefore: 8_999 })).rejects.toMatchObject({
      code: 'too-late',
      fault: { effect: 'none', class: 'transient' },
    });
    expect(server.calls).toEqual([]);
    await client.write(update('v2'), BEFORE, { sendBefore: 9_000 });
    expect(server.calls).toHaveLength(1);
  });

  it.each(['', '..', 'a/b', '1?x=2'])('takes no %j for an id', async (groupId) => {
    const server = await start(() => ({ status: 204 }));
    await expect(server.zpa().write({ kind: 'delete', groupId, microtenantId: '0' }, BEFORE)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    expect(server.calls).toEqual([]);
  });
});

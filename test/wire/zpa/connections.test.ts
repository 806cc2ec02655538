import { Pool } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createZpaPool } from '../../../shared/zpa/api/pool.ts';
import { type ScriptedZpa, startScriptedZpa } from './scripted-zpa.ts';

let zpa: ScriptedZpa | undefined;
afterEach(() => zpa?.close());

describe('connections', () => {
  it('are shared by all clients of a pool, and renewed after a rest that a frozen process does not notice', async () => {
    const server = await startScriptedZpa(() => ({ status: 200, body: { totalPages: '0' } }));
    zpa = server;
    let now = 1_700_000_000_000;
    const clock = { now: () => now, sleep: async () => undefined };
    const pool = createZpaPool({ clock });
    for (let n = 0; n < 3; n += 1) await server.zpa({ pool, clock }).probe();
    const opened = server.connections();
    now += 3_000;
    await server.zpa({ pool, clock }).probe();
    expect(server.connections()).toBe(opened);
    now += 900_000;
    await server.zpa({ pool, clock }).probe();
    expect(server.connections()).toBe(opened + 1);
    expect(server.signIns).toHaveLength(1);
    await pool.close();
  });

  it('closed with the pool say so: nothing was sent', async () => {
    const server = await startScriptedZpa(() => ({ status: 204 }));
    zpa = server;
    const dispatcher = new Pool(server.url);
    await dispatcher.close();
    const connections = { to: () => dispatcher, close: async () => undefined };
    const tokens = { ...server.pool.tokens, renew: async () => 'token-at-hand' };
    const client = server.zpa({ pool: { ...server.pool, connections, tokens } });
    const write = { kind: 'delete', groupId: '1', microtenantId: '0' } as const;
    await expect(client.write(write, null)).rejects.toMatchObject({
      code: 'client-closed',
      fault: { scope: 'platform', effect: 'none' },
    });
  });
});

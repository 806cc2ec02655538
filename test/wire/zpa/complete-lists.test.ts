import { afterEach, describe, expect, it } from 'vitest';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { collect } from '../../../shared/zpa/api/paginate.ts';
import { type Reply, type ScriptedZpa, type Seen, startScriptedZpa } from './scripted-zpa.ts';

/** Lists that change while they are read: an item that jumps to a page already read must not be missed. */
let zpa: ScriptedZpa | undefined;
afterEach(() => zpa?.close());

const COUNT = 900;
const JUMPER = '700';

/** Before each second page for which `jumps` answers true, the item 700 jumps to page 1, and back before the next. */
async function start(jumps: (secondPage: number) => boolean): Promise<ScriptedZpa> {
  const items = Array.from({ length: COUNT }, (_, n) => ({ id: `${n + 1}`, name: `Item ${n + 1}` }));
  let secondPages = 0;
  const answer = ({ path, query }: Seen): Reply => {
    const asked = new URLSearchParams(query);
    const [page, size] = [Number(asked.get('page')), Number(asked.get('pagesize'))];
    const isOther = path.includes('policyType') && !path.endsWith('/ACCESS_POLICY');
    if (isOther) return { status: 200, body: { totalPages: '0', totalCount: '0' } };
    if (page === 2) secondPages += 1;
    const jumper = items.filter(({ id }) => id === JUMPER);
    const others = items.filter(({ id }) => id !== JUMPER);
    const listed = page === 2 && jumps(secondPages) ? [...jumper, ...others] : items;
    const list = listed.slice((page - 1) * size, page * size);
    return { status: 200, body: { totalPages: `${Math.ceil(COUNT / size)}`, totalCount: `${COUNT}`, list } };
  };
  zpa = await startScriptedZpa(answer);
  return zpa;
}

const LISTS: [string, (zpa: Zpa) => Promise<string[]>][] = [
  ['segment groups', async (client) => (await collect(client.listGroups())).map(({ id }) => id)],
  ['application segments', async (client) => (await collect(client.listApplications())).map(({ id }) => id)],
  ['policy rules', async (client) => (await client.listRules()).rules.map(({ ruleId }) => ruleId)],
  ['microtenants', async (client) => (await client.listMicrotenants()).map(({ id }) => id)],
];

describe.each(LISTS)('the list of %s', (_, read) => {
  it('is read again when an item jumped to a page already read', async () => {
    const server = await start((nth) => nth === 1);
    const ids = await read(server.zpa());
    expect(new Set(ids).size).toBe(COUNT);
    expect(ids).toHaveLength(COUNT);
    expect(ids).toContain(JUMPER);
  });

  it('is incomplete when it changes each time: a fault of the tenant that may pass, not an answer', async () => {
    const server = await start(() => true);
    // The jumper is never on page 1 when that page is read, and never on page 2.
    await expect(read(server.zpa())).rejects.toMatchObject({
      code: 'incomplete-list',
      fault: { class: 'transient', scope: 'tenant', effect: 'none', reason: expect.stringContaining('899 of 900') },
    });
  });
});

it('a caller that asked for some items only gets them from a list that changes', async () => {
  const server = await start(() => true);
  expect(await collect(server.zpa().listGroups({ maxItems: 600 }))).toHaveLength(600);
  expect(await collect(server.zpa().listGroups({ maxPages: 1 }))).toHaveLength(500);
});

import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { useScene } from './use-scene.ts';

/** `undo` in a local world, by the command line alone. */
const scene = useScene({ timeFactor: 40, schedules: false });
const { zpa } = scene;

const change = (ticket: string, line: number, over: object) => ({
  schemaVersion: 1,
  idempotencyKey: `${ticket}/${line}`,
  tenant: 'acme-prod',
  action: 'update',
  ticket: { id: ticket },
  ...over,
});
async function submit(...changes: object[]) {
  expect(await zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify(changes) })).toMatchObject({ exit: 0 });
}
const undo = (what: string, ...more: string[]) => zpa(['undo', what, '--ticket', 'CHG90', ...more]);
const group = (name: string) => scene.world.simulator.store.group(name);

describe('undo', () => {
  it('prints a file that submit takes, and sends nothing', async () => {
    const before = group('Intranet');
    await submit(change('CHG1', 1, { group: { name: 'Intranet' }, set: { description: 'For everybody' } }));
    const count = (await scene.world.changes()).length;
    const { exit, out } = await undo('CHG1/1');
    expect(exit).toBe(0);
    expect(out).toContain('# undoes CHG1/1');
    expect(parseAllDocuments(out).map((document) => document.toJS())).toMatchObject([
      { action: 'update', expect: { description: 'For everybody' }, set: { description: before?.description ?? '' } },
    ]);
    expect(await scene.world.changes()).toHaveLength(count);
    expect(await zpa(['submit', '-', '--wait', '20'], { input: out })).toMatchObject({ exit: 0 });
    expect(group('Intranet')?.description ?? '').toBe(before?.description ?? '');
  });

  it('of a ticket takes back all its changes, the newest first, also moves', async () => {
    const members = async () => {
      const { out } = await zpa(['--json', 'groups', 'get', 'Intranet', '--tenant', 'acme-prod']);
      return JSON.parse(out).group.applicationIds;
    };
    const before = await members();
    expect(before).not.toEqual([]);
    const wiki = { applications: { add: [{ name: 'Wiki' }] }, takeFromOtherGroups: true };
    await submit(
      change('CHG2', 1, { action: 'create', group: { name: 'Made' }, enabled: true }),
      change('CHG2', 2, { group: { name: 'Engineering' }, ...wiki }),
      change('CHG2', 3, { group: { name: 'Made' }, ...wiki }),
      change('CHG2', 4, { group: { name: 'Made' }, set: { name: 'Made 2' } }),
    );
    expect(await members()).not.toEqual(before);
    expect(await undo('CHG2', '--submit', '--wait', '20')).toMatchObject({ exit: 0, err: '' });
    expect(group('Made')).toBeUndefined();
    expect(group('Made 2')).toBeUndefined();
    expect(await members()).toEqual(before);
  });

  it('of a created group names its members, also where the change named several', async () => {
    const segments = [{ name: 'Unassigned Printer' }, { name: 'Ticket Desk' }];
    await submit(change('CHG20', 1, { action: 'create', group: { name: 'Named' }, applications: segments }));
    const { out } = await undo('CHG20');
    for (const { name } of segments) expect(out).toMatch(new RegExp(`^#.*application segment ${name} \\(\\d+\\)`, 'm'));
    expect(await undo('CHG20', '--submit', '--wait', '20')).toMatchObject({ exit: 0 });
  });

  it('of a delete makes the group anew', async () => {
    await submit(change('CHG3', 1, { action: 'create', group: { name: 'Gone' }, description: 'mine', enabled: true }));
    await submit(change('CHG3', 2, { action: 'delete', group: { name: 'Gone' } }));
    const { exit, out } = await undo('CHG3/2', '--submit', '--wait', '20');
    expect([exit, out]).toEqual([0, expect.stringContaining('new id')]);
    expect(group('Gone')).toMatchObject({ description: 'mine', enabled: true });
  });

  it('refuses where somebody wrote the same since, and names who', async () => {
    await submit(change('CHG4', 1, { action: 'create', group: { name: 'Edited' } }));
    await submit(change('CHG4', 2, { group: { name: 'Edited' }, set: { enabled: true } }));
    await submit(change('CHG5', 1, { group: { name: 'Edited' }, set: { enabled: true, description: 'later' } }));
    const count = (await scene.world.changes()).length;
    const refused = await undo('CHG4/2', '--submit');
    expect(refused).toMatchObject({
      exit: 1,
      err: expect.stringContaining('change CHG5/1 of ticket CHG5 stated enabled'),
    });
    scene.world.simulator.store.editGroup(group('Edited')?.id ?? '', { description: 'by hand' });
    const foreign = await undo('CHG5/1', '--submit');
    expect(foreign.err.replaceAll(/\s+/g, ' ')).toContain('description is "by hand" now, not "later"');
    expect(foreign.err.replaceAll(/\s+/g, ' ')).toMatch(/last written by \S+ at 20/);
    expect(await scene.world.changes()).toHaveLength(count);
  });

  it('says that there is nothing to undo, and what it does not find', async () => {
    const wrong = change('CHG6', 1, { group: { name: 'Nowhere at all' }, set: { enabled: true } });
    await zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify(wrong) });
    expect(await undo('CHG6')).toMatchObject({ exit: 1, err: expect.stringContaining('nothing-to-undo') });
    expect(await undo('CHG404')).toMatchObject({ exit: 3, err: expect.stringContaining('change-not-found') });
    expect(await zpa(['undo', 'CHG1/1'])).toMatchObject({ exit: 2, err: expect.stringContaining('--ticket') });
  });
});

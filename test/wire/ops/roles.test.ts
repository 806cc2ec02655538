import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROLE_COMMANDS, ROLES, type Role } from '../../../shared/deployment/roles.ts';
import { useScene } from './use-scene.ts';

const scene = useScene({ timeFactor: 20, schedules: false, simulator: { limits: 'off' } });

const change = (key: string, more: object) => ({ schemaVersion: 1, idempotencyKey: key, tenant: 'acme-prod', ...more });

async function write(name: string, content: unknown): Promise<string> {
  const file = join(scene.folder, name);
  await writeFile(file, JSON.stringify(content));
  return file;
}

async function fail(key: string) {
  const nowhere = { action: 'update', group: { name: 'Nowhere' }, set: { enabled: true } };
  await scene.world.deliver('ops', { changes: [change(key, nowhere)] });
  await scene.world.awaitSettled(scene.world.refs('ops', [key]));
}

const as = (role: Role, ...argv: string[]) => scene.zpa(argv, {}, role);
const day = new Date().toISOString().slice(0, 10);

/** The settings of the world as a file, and others to push. */
beforeAll(async () => {
  const { out } = await scene.zpa(['settings', 'show']);
  await writeFile(join(scene.folder, 'settings.json'), out);
  const { sources, ...rest } = JSON.parse(out);
  await write('other.json', { ...rest, sources: { ...sources, ops: { ...sources.ops, grants: [] } } });
});

/** A finding of a group that was edited in ZPA's console. */
async function prepare() {
  const { store } = scene.world.simulator;
  const created = change('ROLE-1/1@A', { action: 'create', group: { name: 'Depot' } });
  await scene.world.deliver('ops', { changes: [created] });
  await scene.world.awaitSettled(scene.world.refs('ops', ['ROLE-1/1@A']));
  store.editGroup('Depot', { description: 'by hand' });
  await scene.world.runDrift();
  await fail('ROLE-2/1@A');
  await fail('ROLE-3/1@A');
  const reported = await scene.zpa(['drift', '--tenant', 'acme-prod', '--json']);
  const finding = /"id": "(D-[\w-]{8})"/.exec(reported.out)?.[1] ?? '';
  expect(finding).not.toBe('');
  return finding;
}

/** The lanes and the settings, as everybody sees them. */
const statesOf = async () => [
  (await scene.zpa(['lanes', 'list', '--json'])).out,
  (await scene.zpa(['settings', 'history', '--json'])).out,
];

describe('each role, with its policy and no other right', () => {
  it('may use its commands', async () => {
    const finding = await prepare();
    const settings = join(scene.folder, 'settings.json');
    const wanted = await write('wanted.json', change('ROLE-4/1@A', { action: 'create', group: { name: 'Yard' } }));
    const later = new Date(Date.now() + 86_400_000).toISOString();
    const scheduled = await write('later.json', {
      ...change('ROLE-5/1@A', { action: 'create', group: { name: 'Later' } }),
      notBefore: later,
    });
    const days = ['--from', day, '--to', day];
    const ticket = ['--ticket', 'CHG-9'];
    const commands: Record<Role, [command: string, ...more: string[]][]> = {
      viewer: [
        ['status', 'ROLE-1/1@A'],
        ['changes list'],
        ['failures list'],
        ['failures show', 'ROLE-2/1@A'],
        ['lanes list'],
        ['drift open', '--tenant', 'acme-prod'],
        ['sources list'],
        ['sources test', 'ops', wanted],
        ['settings check', settings],
        ['settings diff', settings],
        ['settings history'],
        ['settings show'],
        ['audit show', 'ROLE-1'],
        ['audit export', ...days],
        ['audit verify', ...days],
      ],
      operator: [
        ['plan', wanted],
        ['groups list', '--tenant', 'acme-prod'],
        ['groups get', 'Depot', '--tenant', 'acme-prod'],
        ['groups search', 'Dep', '--tenant', 'acme-prod'],
        ['drift report', '--tenant', 'acme-prod'],
        ['drift show', finding],
        ['lanes pause', 'acme-prod', '--reason', 'a look'],
        ['lanes resume', 'acme-prod'],
        ['lanes release', 'acme-prod', '--reason', 'nothing is open', '--yes'],
        ['submit', wanted, '--wait'],
        ['submit', scheduled],
        ['cancel', 'ROLE-5/1@A', '--source', 'ops', '--reason', 'not needed', '--yes'],
        ['undo', 'ROLE-4/1@A', ...ticket],
        ['sources sign', 'ops', wanted],
        ['failures retry', 'ROLE-2/1@A', '--yes'],
        ['failures dismiss', 'ROLE-3/1@A', '--reason', 'not needed', '--yes'],
      ],
      steward: [
        ['drift accept', finding, ...ticket],
        ['drift revert', finding, ...ticket],
        ['drift baseline', '--group', 'Yard', '--tenant', 'acme-prod', ...ticket],
        ['drift ignore', finding, '--until', later, '--reason', 'audit'],
        ['settings push', join(scene.folder, 'other.json'), '--yes'],
        ['settings rollback', '1', '--yes'],
      ],
    };
    const ended: [string, number, string][] = [];
    for (const role of ROLES) {
      for (const [command, ...more] of commands[role]) {
        const { exit, err } = await as(role, ...command.split(' '), ...more);
        if (!OK.includes(exit)) ended.push([`${role}: ${command}`, exit, err]);
      }
    }
    expect(ended).toEqual([]);
    const tried = ROLES.flatMap((role) => commands[role].map(([command]) => [role, command]));
    const listed = ROLES.flatMap((role) => ROLE_COMMANDS[role].map((command) => [role, command]));
    const untried = listed.filter((one) => !tried.some((other) => other.join() === one.join()));
    expect(untried).toEqual([['viewer', 'console']]);
  });

  it.each<[Role, string[]]>([
    ['viewer', ['lanes', 'pause', 'acme-prod', '--reason', 'no']],
    ['viewer', ['failures', 'retry', '--all', '--yes']],
    ['viewer', ['groups', 'list', '--tenant', 'acme-prod']],
    ['operator', ['settings', 'push', 'other.json', '--yes']],
  ])('%s is refused %j, and nothing is done', async (role, argv) => {
    await fail('ROLE-6/1@A');
    const before = await statesOf();
    const { exit, err } = await as(role, ...argv);
    expect([exit, err]).toEqual([4, expect.stringContaining('Your AWS rights do not allow')]);
    expect(err).toContain('docs/security.md');
    expect(await statesOf()).toEqual(before);
    expect((await scene.zpa(['failures', 'list'])).out).toContain('ROLE-6/1@A');
  });
});

/** Done; `plan` and `undo` of something that cannot be; nothing to release; drift found. */
const OK = [0, 1, 3, 7];

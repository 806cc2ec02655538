import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { DriftReport, Finding } from '../../../shared/domain/drift/report.ts';
import { useScene } from './use-scene.ts';

/** The commands of drift in a local world whose tenant somebody edits in the console. */
const scene = useScene({ timeFactor: 40, schedules: false });
const { zpa } = scene;

let count = 0;
/** A group that a ticket created, with what it stated; answers its id. */
async function managed(name: string, over: object = {}): Promise<string> {
  count += 1;
  const change = { schemaVersion: 1, idempotencyKey: `MADE-${count}`, tenant: 'acme-prod', action: 'create' };
  const made = { ...change, group: { name }, enabled: true, ...over };
  expect(await zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify(made) })).toMatchObject({ exit: 0 });
  return scene.world.simulator.store.group(name)?.id ?? '';
}

async function report(...argv: string[]): Promise<{ exit: number; report: DriftReport }> {
  const { exit, out, err } = await zpa(['--json', 'drift', '--tenant', 'acme-prod', ...argv]);
  expect(err).toBe('');
  return { exit, report: JSON.parse(out).reports[0] };
}

/** The findings of a group, once a change that has just been settled mutes none of them any more. */
async function findingsOf(groupId: string): Promise<Finding[]> {
  for (;;) {
    const findings = (await report()).report.findings.filter(({ group }) => group.id === groupId);
    if (findings.every(({ state }) => state !== 'in-flight')) return findings;
  }
}

async function onlyFinding(groupId: string): Promise<Finding> {
  const [finding, ...others] = await findingsOf(groupId);
  if (finding === undefined || others.length > 0) throw new Error(`${others.length} more findings of ${groupId}`);
  return finding;
}

const resolve = (verb: string, id: string, ...more: string[]) =>
  zpa(['drift', verb, id, '--tenant', 'acme-prod', '--ticket', 'CHG7', ...more]);
const sent = (verb: string, id: string) => resolve(verb, id, '--submit', '--wait', '20');

describe('drift', () => {
  it('exits 7 while something drifts, and tells what is new from what the stored report had', async () => {
    const group = await managed('Steady');
    expect((await report()).exit).toBe(0);
    scene.world.simulator.store.editGroup(group, { enabled: false });
    expect(await report('--new')).toMatchObject({ exit: 7, report: { findings: [{ state: 'new' }] } });
    await scene.world.runDrift();
    expect(await report()).toMatchObject({ exit: 7, report: { findings: [{ state: 'still', facet: 'enabled' }] } });
    expect((await report('--new')).exit).toBe(0);
    const [{ id = '' } = {}] = await findingsOf(group);
    const table = await zpa(['drift', '--tenant', 'acme-prod']);
    expect(table.out).toContain(id);
    expect(table.out).toContain('enabled: true → false');
    expect(table.out).toMatch(/\d+ unmanaged groups?: listed by --json, accepted by `drift baseline`/);
    const shown = await zpa(['drift', 'show', id, '--tenant', 'acme-prod']);
    expect(shown).toMatchObject({ exit: 0, out: expect.stringContaining('MADE-') });
    expect((await zpa(['drift', '--tenant', 'acme-prod', '--markdown'])).out).toContain(id);
    await zpa(['drift', '--tenant', 'acme-prod', '--html', 'drift.html']);
    expect(await readFile(join(scene.folder, 'drift.html'), 'utf8')).toContain(id);
    scene.world.simulator.store.editGroup(group, { enabled: true });
    expect((await report()).report).toMatchObject({ findings: [], closed: [{ id }] });
  });

  it('reports every customer', async () => {
    const { out } = await zpa(['--json', 'drift']);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 2, reports: [{ schemaVersion: 2 }, { schemaVersion: 2 }] });
  });

  it('counts groups in no ticket with --strict alone', async () => {
    expect((await report()).exit).toBe(0);
    expect((await report('--strict')).exit).toBe(7);
  });

  it('says that it does not know the age of findings where no report can be read', async () => {
    const target = JSON.parse(await readFile(join(scene.folder, '.zpa-changes/local.json'), 'utf8'));
    const { REPORTS_BUCKET: _, ...env } = target.env;
    const file = join(scene.folder, 'no-bucket.json');
    await writeFile(file, JSON.stringify({ ...target, env }));
    const { exit, err } = await zpa(['--target', file, 'drift', '--tenant', 'acme-prod']);
    expect([exit, err]).toEqual([0, expect.stringContaining('REPORTS_BUCKET')]);
  });
});

describe('drift accept', () => {
  it('prints a file that submit takes, and once that is carried out the finding is closed by it', async () => {
    const group = await managed('Accepted');
    scene.world.simulator.store.editGroup(group, { description: 'edited in the console' });
    const { id } = await onlyFinding(group);
    const before = (await scene.world.changes()).length;
    const { exit, out } = await resolve('accept', id);
    expect(exit).toBe(0);
    const [change] = parseAllDocuments(out).map((document) => document.toJS());
    expect(change).toMatchObject({
      action: 'accept',
      group: { id: group },
      state: { description: 'edited in the console' },
    });
    expect(out).toContain(`# ${id}: description`);
    expect(await scene.world.changes()).toHaveLength(before);
    await scene.world.runDrift();
    expect((await zpa(['submit', '-', '--wait', '20'], { input: out })).exit).toBe(0);
    expect((await report()).report).toMatchObject({ closed: [{ id, by: { key: change.idempotencyKey } }] });
    expect(scene.world.simulator.store.group(group)).toMatchObject({ description: 'edited in the console' });
  });

  it('sends nothing if one of the findings has no change', async () => {
    const group = await managed('Half', { applications: [{ name: 'Remote Desktop Gateway' }] });
    scene.world.simulator.store.editGroup(group, { enabled: false });
    scene.world.simulator.store.deleteApplication('Remote Desktop Gateway');
    const findings = await findingsOf(group);
    const before = (await scene.world.changes()).length;
    const ids = findings.map(({ id }) => id);
    const reverted = await zpa(['drift', 'revert', ...ids, '--tenant', 'acme-prod', '--ticket', 'CHG7', '--submit']);
    expect(reverted).toMatchObject({ exit: 1, err: expect.stringContaining('is gone from ZPA') });
    expect(await scene.world.changes()).toHaveLength(before);
    const accepted = await zpa([
      'drift',
      'accept',
      ...ids,
      '--tenant',
      'acme-prod',
      '--ticket',
      'CHG7',
      '--submit',
      '--wait',
      '20',
    ]);
    expect(accepted).toMatchObject({ exit: 0 });
    expect(await findingsOf(group)).toEqual([]);
  });
});

describe('drift revert', () => {
  it('puts back what was approved, whatever was drifted', async () => {
    const group = await managed('Reverted', { description: 'approved', applications: [{ name: 'VNC Consoles' }] });
    const { store } = scene.world.simulator;
    store.editGroup(group, { name: 'Renamed', description: 'edited', enabled: false });
    store.moveApplication('VNC Consoles', 'Engineering');
    const findings = await findingsOf(group);
    expect(findings.map(({ facet }) => facet).toSorted()).toEqual([
      expect.stringMatching(/^app:/),
      'description',
      'enabled',
      'name',
    ]);
    const ids = findings.map(({ id }) => id);
    const ended = await zpa([
      'drift',
      'revert',
      ...ids,
      '--tenant',
      'acme-prod',
      '--ticket',
      'CHG7',
      '--submit',
      '--wait',
      '20',
    ]);
    expect(ended).toMatchObject({ exit: 0, out: expect.stringContaining('applied') });
    expect(store.group(group)).toMatchObject({ name: 'Reverted', description: 'approved', enabled: true });
    expect(await findingsOf(group)).toEqual([]);
  });

  it('makes a deleted group anew, and no finding is left of it', async () => {
    const group = await managed('Deleted', { description: 'approved' });
    scene.world.simulator.store.deleteGroup(group);
    const { id, kind } = await onlyFinding(group);
    expect(kind).toBe('missing');
    expect(await sent('revert', id)).toMatchObject({ exit: 0, err: '' });
    expect(scene.world.simulator.store.group('Deleted')).toMatchObject({ description: 'approved', enabled: true });
    expect((await report()).report.findings).toEqual([]);
  });
});

describe('drift ignore', () => {
  it('lets a finding be until its value changes, and a deletion only if that is said', async () => {
    const group = await managed('Ignored');
    scene.world.simulator.store.editGroup(group, { enabled: false });
    const { id } = await onlyFinding(group);
    const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    const ignore = (of: string, ...more: string[]) =>
      zpa(['drift', 'ignore', of, '--tenant', 'acme-prod', '--until', until, '--reason', 'audit', ...more]);
    expect(await ignore(id)).toMatchObject({ exit: 0, out: expect.stringContaining(until) });
    expect(await report()).toMatchObject({ exit: 0, report: { findings: [{ id, ignored: { reason: 'audit' } }] } });
    scene.world.simulator.store.deleteGroup(group);
    const gone = await onlyFinding(group);
    expect(await ignore(gone.id)).toMatchObject({ exit: 2, err: expect.stringContaining('--deletion') });
    expect(await ignore(gone.id, '--deletion')).toMatchObject({ exit: 0 });
    expect((await sent('accept', gone.id)).exit).toBe(0);
    expect((await report()).report.findings).toEqual([]);
  });
});

describe('drift baseline', () => {
  it('approves the live state of the named groups, and finds nothing left to do then', async () => {
    const argv = [
      'drift',
      'baseline',
      '--group',
      'Int*',
      '--group',
      'Finance',
      '--tenant',
      'acme-prod',
      '--ticket',
      'CHG8',
    ];
    expect(await zpa([...argv, '--submit', '--wait', '20'])).toMatchObject({ exit: 0 });
    const { report: after } = await report();
    expect(after.unmanaged.map(({ name }) => name)).not.toContain('Intranet');
    expect(await zpa(argv)).toMatchObject({ exit: 3, err: expect.stringContaining('nothing-to-accept') });
    scene.world.simulator.store.moveApplication('Wiki', 'Engineering');
    const moved = await report();
    expect(moved).toMatchObject({ exit: 7, report: { findings: [{ kind: 'removed', approval: { ticket: 'CHG8' } }] } });
    expect((await sent('revert', moved.report.findings[0]?.id ?? '')).exit).toBe(0);
    expect((await report()).exit).toBe(0);
  });
});

describe('a tenant of which not everything can be read', () => {
  it('is no tenant in which there is nothing to do, nor one without the finding', async () => {
    const path = '*/segmentGroup*';
    scene.world.simulator.faults.script(
      { method: 'GET', path },
      { kind: 'error', status: 400, id: 'what.is.this' },
      99,
    );
    const argv = ['baseline', '--group', '*', '--tenant', 'acme-prod', '--ticket', 'CHG9'];
    expect(await zpa(['drift', ...argv])).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/not all of it could be read .*[^.]\. See the drift report/),
    });
    const show = await zpa(['drift', 'show', 'D-AAAAAAAA', '--tenant', 'acme-prod']);
    expect(show).toMatchObject({ exit: 4, err: expect.stringContaining('not everything could be read') });
    scene.world.simulator.faults.clear();
  });
});

describe('drift open', () => {
  it('fetches the page of the last report, or of a day', async () => {
    await scene.world.runDrift();
    const [file = ''] = (await zpa(['drift', 'open', '--tenant', 'acme-prod'])).out.split('\n');
    expect(await readFile(file, 'utf8')).toContain('<!doctype html>');
    const date = new Date().toISOString().slice(0, 10);
    expect((await zpa(['drift', 'open', '--tenant', 'acme-prod', '--date', date])).exit).toBe(0);
    const none = await zpa(['drift', 'open', '--tenant', 'acme-prod', '--date', '2020-01-01']);
    expect(none).toMatchObject({ exit: 3, err: expect.stringContaining('report-not-found') });
  });
});

describe('usage of drift', () => {
  it.each([
    ['an id of another form', ['show', 'D-1'], 2, 'bad-finding-id'],
    ['an id that no report has', ['show', 'D-AAAAAAAA'], 3, 'finding-not-found'],
    ['no ticket', ['accept', 'D-AAAAAAAA'], 2, '--ticket'],
    ['a ticket that cannot begin a key', ['revert', 'D-AAAAAAAA', '--ticket', 'CHG 7/1'], 2, 'bad-option'],
    ['a date that is none', ['ignore', 'D-AAAAAAAA', '--until', 'tomorrow', '--reason', 'x'], 2, 'bad-option'],
    ['a day that no month has', ['ignore', 'D-AAAAAAAA', '--until', '2027-02-31', '--reason', 'x'], 2, 'bad-option'],
    ['a stored report of such a day', ['open', '--date', '2027-02-31'], 2, 'bad-option'],
    ['a day that is none', ['open', '--date', 'today'], 2, 'bad-option'],
    ['no group', ['baseline', '--ticket', 'CHG7'], 2, '--group'],
  ])('%s is refused', async (_, argv, exit, says) => {
    expect(await zpa(['drift', ...argv, '--tenant', 'acme-prod'])).toMatchObject({
      exit,
      err: expect.stringContaining(says),
    });
  });

  it('--html into a folder that is none fails, and not as if ZPA could not be reached', async () => {
    const refused = await zpa(['drift', '--tenant', 'acme-prod', '--html', 'none/x.html']);
    expect(refused).toMatchObject({ exit: 1, err: expect.stringContaining('none') });
  });

  it('--html of several customers asks for one', async () => {
    expect(await zpa(['drift', '--html', 'x.html'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('--tenant'),
    });
  });
});

import { expect, it } from 'vitest';
import { sendSample } from '../../local/page/demo-acts.ts';
import { editBehindItsBack } from '../../local/page/edit-behind-its-back.ts';
import { createLatestReports } from '../../shared/aws/latest-reports.ts';
import { latestKeys } from '../../shared/domain/drift/render/report-files.ts';
import type { DriftReport, Finding } from '../../shared/domain/drift/report.ts';
import { endings } from './in-world.ts';
import { type Ops, withCli } from './with-cli.ts';

/** The walkthrough of docs/drift.md: edits in the console, a report, and each finding closed in its own way. */

const TICKET = 'CHG0031400';
const ACME = ['--tenant', 'acme-prod'];

async function reportOf(ops: Ops): Promise<{ exit: number; report: DriftReport }> {
  const answer = await ops('drift', ...ACME, '--json');
  const [report] = answer.json<{ reports: DriftReport[] }>().reports;
  if (report === undefined) throw new Error(answer.err);
  return { exit: answer.exit, report };
}

const told = ({ findings }: DriftReport) =>
  findings.map(({ kind, state, facet, group }) => [group.name, kind, facet, state]);

function idOf({ findings }: DriftReport, is: (finding: Finding) => boolean): string {
  const found = findings.find(is);
  if (found === undefined) throw new Error('there is no such finding');
  return found.id;
}

it('goes from edits behind its back to a clean report: accepted, ignored, reverted, adopted', async () => {
  await withCli(async (ops, world) => {
    const edit = () => editBehindItsBack(world.simulator.store);
    const sent = ['CHG0031337/1@APPR0007', 'CHG0031337/2@APPR0007', 'CHG0031337/3@APPR0007'];
    expect(edit()).toMatch(/^Send CHG0031337 first/);
    await sendSample(world, 'servicenow-chg0031337', false);
    expect(await endings(world, sent, 'servicenow')).toEqual(['applied', 'applied', 'applied']);
    await world.runDrift();
    expect(await reportOf(ops)).toMatchObject({ exit: 0, report: { complete: true, findings: [] } });

    edit();
    await world.runDrift();
    const { exit, report } = await reportOf(ops);
    expect(exit).toBe(7);
    const vnc = 'app:926196382959075424';
    expect(told(report).toSorted()).toEqual([
      ['Management Apps', 'changed', 'description', 'still'],
      ['Remote Access', 'changed', 'enabled', 'still'],
      ['Remote Access', 'removed', vnc, 'still'],
    ]);
    expect(report.unmanaged.map(({ name }) => name)).toContain('Web Shop');

    const description = idOf(report, ({ facet }) => facet === 'description');
    const enabled = idOf(report, ({ facet }) => facet === 'enabled');
    const moved = idOf(report, ({ facet }) => facet === vnc);
    const send = ['--ticket', TICKET, '--submit', '--wait', ...ACME];
    const until = new Date(Date.now() + 86_400_000 * 30).toISOString().slice(0, 10);
    expect(await ops('drift', 'accept', description, ...send)).toMatchObject({ exit: 0 });

    expect(await ops('drift', 'ignore', enabled, '--until', until, '--reason', 'audit', ...ACME)).toMatchObject({
      exit: 0,
    });
    expect(await ops('drift', 'revert', moved, ...send)).toMatchObject({ exit: 0 });
    expect(world.simulator.store.members('Remote Access')).toContain(vnc.slice(4));
    expect(await ops('drift', 'baseline', '--group', 'Web Shop', ...send)).toMatchObject({ exit: 0 });

    await world.runDrift();
    const clean = await reportOf(ops);
    expect(clean.exit).toBe(0);
    expect(told(clean.report)).toEqual([['Remote Access', 'changed', 'enabled', 'ignored']]);
    expect(clean.report.unmanaged.map(({ name }) => name)).not.toContain('Web Shop');
    expect(clean.report.coverage.fullyStated).toBe(report.coverage.fullyStated + 1);
    const { environment } = world;
    const reports = createLatestReports({ env: environment, bucket: environment.REPORTS_BUCKET ?? '' });
    const stored = await reports.read(latestKeys(world.refs('servicenow', sent)[0]?.lane ?? '').html);
    expect(stored).toContain('1 ignored');
    expect(stored).toContain(TICKET);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { keepReport } from '../../../functions/drift/keep-report.ts';
import type { ReportPorts } from '../../../functions/drift/ports.ts';
import type { DriftReport } from '../../../shared/domain/drift/report.ts';
import { parseReport } from '../../../shared/domain/drift/report-schema.ts';
import type { DesiredGroup } from '../../../shared/domain/records/desired-group.ts';
import { ignoreFinding } from '../../../shared/ledger/ignore-finding.ts';
import { createFakeClock, type FakeClock } from '../../fakes/fake-clock.ts';
import { createMemoryIgnores } from '../../fakes/memory-ignores.ts';
import { createMemoryReports } from '../../fakes/memory-reports.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { aFinding, aNotChecked, aSurvey } from '../domain/sample-drift.ts';

const HOUR = 60 * 60 * 1000;
const LANE = 'BETA:1';
const LATEST = 'drift/BETA-1/latest';

function setUp() {
  const clock = createFakeClock();
  const reports = createMemoryReports();
  const published: { subject: string; text: string; json: unknown }[] = [];
  const ports = {
    clock,
    reports,
    ignores: createMemoryIgnores(),
    latest: { read: async (key: string) => reports.reports.get(key)?.body },
    topic: {
      publish: async (subject: string, text: string, json: unknown) => void published.push({ subject, text, json }),
    },
    meter: createRecordingMeter(),
    log: createRecordingLog(),
  } satisfies ReportPorts;
  return { ports, clock, published };
}

let world: ReturnType<typeof setUp>;
beforeEach(() => {
  world = setUp();
});

/** The survey of this instant. */
function surveyNow(clock: FakeClock, over: Parameters<typeof aSurvey>[0] = {}): DriftReport {
  const at = new Date(clock.now()).toISOString();
  const notChecked = (over.notChecked ?? []).map((one) => ({ ...one, since: at }));
  return aSurvey({ lane: LANE, startedAt: at, finishedAt: at, ...over, notChecked });
}

/** Keeps the report of a survey of now; the next one is a day later. */
async function keep(over: Parameters<typeof aSurvey>[0] = {}, desired: DesiredGroup[] = []): Promise<DriftReport> {
  const report = await keepReport(world.ports, surveyNow(world.clock, over), desired);
  await world.clock.advance(24 * HOUR);
  return report;
}

const withOne = { findings: [aFinding()] };
const countsOf = (name: string) =>
  world.ports.meter.counts.filter((one) => one.name === name).map(({ value, dimensions }) => [value, dimensions]);

describe('a report', () => {
  it('is stored under its time and as the last one, as JSON, Markdown and page', async () => {
    await keep(withOne);
    const { reports } = world.ports.reports;
    expect([...reports].map(([key, { contentType }]) => [key, contentType])).toEqual([
      ['drift/BETA-1/20261201T080000Z.md', 'text/markdown; charset=utf-8'],
      ['drift/BETA-1/20261201T080000Z.html', 'text/html; charset=utf-8'],
      ['drift/BETA-1/20261201T080000Z.json', 'application/json'],
      [`${LATEST}.md`, 'text/markdown; charset=utf-8'],
      [`${LATEST}.html`, 'text/html; charset=utf-8'],
      [`${LATEST}.json`, 'application/json'],
    ]);
    expect(parseReport(reports.get(`${LATEST}.json`)?.body ?? '')).toMatchObject({ schemaVersion: 2, lane: LANE });
  });

  it('knows the one before: what was new is still there, and then closed', async () => {
    const states = [await keep(withOne), await keep(withOne), await keep()].map(({ findings, closed }) => [
      findings.map(({ state }) => state),
      closed.map(({ id }) => id),
    ]);
    expect(states).toEqual([
      [['new'], []],
      [['still'], []],
      [[], [aFinding().id]],
    ]);
    expect(countsOf('DriftNew').map(([value]) => value)).toEqual([1, 0, 0]);
  });

  it('names the change that closed a finding by what the survey knew, also where that is owed to the ledger', async () => {
    await keep(withOne);
    const at = world.clock.now();
    const approver = { key: 'CHG7/1', source: 'desk', ticket: 'CHG7', at };
    const { id: groupId, tenant, microtenantId } = aFinding().group;
    const description = { value: 'x', sequence: 7, key: 'CHG7/1' };
    const last = { ...approver, sequence: 7 };
    const desired = { version: 0, lane: LANE, tenant, microtenantId, groupId, members: {}, description, last };
    const by = { ...approver, at: new Date(at).toISOString() };
    expect(await keep({}, [desired])).toMatchObject({ closed: [{ id: aFinding().id, by }] });
  });

  it.each(['{', '{"schemaVersion":1,"findings":[]}', ''])(
    'starts afresh after one that cannot be read: %j',
    async (body) => {
      await keep(withOne);
      world.ports.reports.reports.set(`${LATEST}.json`, { body, contentType: 'application/json' });
      expect(await keep(withOne)).toMatchObject({
        startedAfresh: 'earlier-report-unreadable',
        findings: [{ state: 'new' }],
      });
      expect(world.ports.log.lines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { lane: LANE } }));
    },
  );

  it('is not made where the one before cannot be fetched, which loses no age', async () => {
    await keep(withOne);
    const { latest, ...ports } = world.ports;
    const read = () => Promise.reject(new Error('no bucket'));
    await expect(keepReport({ ...ports, latest: { read } }, surveyNow(world.clock, withOne), [])).rejects.toThrow(
      'no bucket',
    );
    expect(await keep(withOne)).toMatchObject({ findings: [{ state: 'still' }] });
  });

  it.each(['publish', 'put'] as const)('calls new again what nobody was told of, where %s fails', async (what) => {
    const { ports } = world;
    const fail = () => Promise.reject(new Error('not now'));
    const broken =
      what === 'publish'
        ? { ...ports, topic: { publish: fail } }
        : { ...ports, reports: { ...ports.reports, put: fail } };
    await expect(keepReport(broken, surveyNow(world.clock, withOne), [])).rejects.toThrow('not now');
    await world.clock.advance(HOUR);
    expect(await keep(withOne)).toMatchObject({ findings: [{ state: 'new' }] });
  });
});

describe('an ignored finding', () => {
  const ignore = (days: number) =>
    ignoreFinding(world.ports, LANE, {
      finding: aFinding(),
      reason: 'Agreed',
      until: world.clock.now() + days * 24 * HOUR,
      by: 'anna',
    });

  it('is not new while the ignore holds, and new when it is over', async () => {
    await keep(withOne);
    await ignore(2);
    const states = [await keep(withOne), await keep(withOne), await keep(withOne)].map(
      ({ findings }) => findings[0]?.state,
    );
    expect(states).toEqual(['ignored', 'ignored', 'new']);
    expect(countsOf('DriftNew').map(([value]) => value)).toEqual([1, 0, 0, 1]);
  });

  it.each([
    ['has another value', { findings: [aFinding({ after: 'edited again' })] }, 'value-changed'],
    ['is gone', {}, 'closed'],
  ])('that %s has no ignore any more, also when it is back', async (_, between, why) => {
    await keep(withOne);
    await ignore(30);
    await keep(withOne);
    await keep(between);
    expect((await world.ports.ignores.read(LANE)).entries).toMatchObject([{ ended: { why } }]);
    expect((await keep(withOne)).findings[0]?.state).toBe('new');
  });

  it('is told as if nobody ignored it where the ignores cannot be read, and the report is made', async () => {
    await keep(withOne);
    await ignore(30);
    const { read } = world.ports.ignores;
    const malformed = Object.assign(new Error('spoilt'), { code: 'record-malformed' });
    world.ports.ignores.read = () => Promise.reject(malformed);
    expect(await keep(withOne)).toMatchObject({ findings: [{ state: 'still' }] });
    expect(world.ports.log.lines).toContainEqual(expect.objectContaining({ level: 'error' }));
    world.ports.ignores.read = read;
    expect(await keep(withOne)).toMatchObject({ findings: [{ state: 'ignored' }] });
    world.ports.ignores.read = () => Promise.reject(new Error('throttled'));
    await expect(keep(withOne)).rejects.toThrow('throttled');
  });

  it('keeps its ignore while its group cannot be read', async () => {
    await keep(withOne);
    await ignore(30);
    await keep({ notChecked: [aNotChecked()], complete: false });
    expect(await keep(withOne)).toMatchObject({ findings: [{ state: 'ignored' }] });
  });
});

describe('the metrics', () => {
  it('count findings by kind and by state, zeros too', async () => {
    await keep({
      findings: [aFinding(), aFinding({ id: 'D-ffffffff', state: 'in-flight', pending: 1 })],
      notChecked: [aNotChecked()],
    });
    const byKind = { added: 0, resurrected: 0, removed: 0, missing: 0, changed: 2, unmanaged: 0, 'not-checked': 1 };
    const byState = { new: 1, still: 0, 'in-flight': 1, ignored: 0 };
    const rows = (counts: Record<string, number>, name: string) =>
      Object.entries(counts).map(([one, value]) => [value, { lane: LANE, [name]: one }]);
    expect(countsOf('DriftFindings')).toEqual(rows(byKind, 'kind'));
    expect(countsOf('DriftStates')).toEqual(rows(byState, 'state'));
    expect(countsOf('DriftNew')).toEqual([[1, { lane: LANE }]]);
  });

  it('count what could not be read for two days, by daily reports that begin a little earlier or later', async () => {
    const unread = { notChecked: [aNotChecked()], complete: false };
    for (const jitter of [0, -1, 1, -2]) {
      await keep(unread);
      await world.clock.advance(jitter * 60_000);
    }
    expect(countsOf('DriftLongNotChecked').map(([value]) => value)).toEqual([0, 0, 1, 1]);
  });
});

it('the announcement names what is new first, for people and programs, without control characters', async () => {
  const old = aFinding({ id: 'D-00000001', group: { ...aFinding().group, name: 'A\u202Eb' } });
  await keep({ findings: [old] });
  await keep({ findings: [old, aFinding({ id: 'D-00000002' })], notChecked: [aNotChecked()], complete: false });
  const { subject, text, json } = world.published[1] ?? {};
  expect(subject).toMatch(/^Drift of acme: 1 new, 1 still/);
  const [first, second, third] = (text ?? '').split('\n').filter((line) => line.startsWith('  '));
  expect(first).toBe('  D-00000002 new, changed: description of "Web" (7201)');
  expect(second).toBe('  D-00000001 still, changed: description of "A\\u{202E}b" (7201)');
  expect(third).toContain('not checked: tenant acme: ZPA answered 503.');
  expect(text).toContain('memory://reports/drift/BETA-1/20261202T080000Z.html');
  expect(json).toMatchObject({
    kind: 'drift-report',
    schemaVersion: 2,
    lane: LANE,
    states: { new: 1, still: 1 },
    findings: { changed: 2 },
    closed: 0,
    reports: { json: 'memory://reports/drift/BETA-1/20261202T080000Z.json' },
  });
});

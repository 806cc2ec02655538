import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDriftHandler } from '../../../functions/drift/handler.ts';
import type { DriftPorts } from '../../../functions/drift/ports.ts';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import {
  type Configuration,
  configurationSchema,
  secretNames,
} from '../../../shared/domain/configuration/configuration.ts';
import type { DriftReport } from '../../../shared/domain/drift/report.ts';
import { type Lane, laneName, lanesOf } from '../../../shared/domain/lane/change-ref.ts';
import { foldDesired } from '../../../shared/domain/ledger/desired.ts';
import type { Approved } from '../../../shared/domain/outcome/outcome.ts';
import { createReadClients, type ReadClients } from '../../../shared/zpa/read-clients.ts';
import { createFakeClock, type FakeClock, TEST_START } from '../../fakes/fake-clock.ts';
import { createMemoryCatalogs } from '../../fakes/memory-catalogs.ts';
import { createMemoryIgnores } from '../../fakes/memory-ignores.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryReports } from '../../fakes/memory-reports.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { createMemorySeenLists } from '../../fakes/memory-seen-lists.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { aChange, aRef } from '../../fakes/records.ts';
import { approvedFor, outcomeOf } from '../../unit/domain/ledger-items.ts';

const CUSTOMER = '72057594037927936';
const OTHER = '72057594037929999';
const FAR = '72057594037921111';
const TIMING = { budgetWindowMs: 10_000, requestTimeoutMs: 2000 };

let simulator: Simulator;
let clock: FakeClock;
let clients: ReadClients;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  clock = createFakeClock();
  simulator = await startSimulator({ now: () => clock.now(), seed: { customers: { [CUSTOMER]: {}, [OTHER]: {} } } });
  opened.push(simulator);
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** Tenants of this simulator, two of them of one customer; `north` has microtenants. */
function configurationOf(over: Partial<Record<string, object>> = {}): Configuration {
  const tenant = { vanity: 'acme', endpoint: simulator.url };
  return configurationSchema.parse({
    name: 'test',
    tenants: {
      main: { ...tenant, customerId: CUSTOMER },
      'main-too': { ...tenant, customerId: CUSTOMER },
      other: { ...tenant, customerId: OTHER },
      ...over,
    },
    sources: { helpdesk: { system: 'Helpdesk' } },
  });
}

function setUp(configuration = configurationOf(), lacking: string[] = []) {
  const texts = Object.keys(configuration.tenants)
    .filter((name) => !lacking.includes(name))
    .map((name) => [secretNames.zpa('test', name, 'read'), '{"clientId":"simulator","clientSecret":"simulator"}']);
  const secrets = createMemorySecrets(Object.fromEntries(texts));
  clients = createReadClients({
    configuration,
    secrets,
    clock,
    seenLists: createMemorySeenLists(),
    timing: TIMING,
  });
  opened.push(clients);
  const [ledger, reports, catalogs] = [createMemoryLedger(), createMemoryReports(), createMemoryCatalogs()];
  const meter = {
    ...createRecordingMeter(),
    flushed: 0,
    flush() {
      meter.flushed += 1;
    },
  };
  const log = createRecordingLog();
  const published: { subject: string; text: string; json: unknown }[] = [];
  const topic: DriftPorts['topic'] = {
    publish: async (subject, text, json) => void published.push({ subject, text, json }),
  };
  const handler = createDriftHandler({
    configuration,
    ledger,
    zpaOf: clients.zpaOf,
    clock,
    reports,
    latest: { read: async (key) => reports.reports.get(key)?.body },
    ignores: createMemoryIgnores(),
    catalogs,
    topic,
    meter,
    log,
  });
  /** One invocation with the message of one lane; answers whether it is reported. */
  const report = async (lane: Lane): Promise<boolean> => {
    const request = JSON.stringify({ schemaVersion: 1, lane, askedAt: clock.now() });
    const context = { getRemainingTimeInMillis: () => 900_000 };
    const { batchItemFailures } = await handler(anEvent(lane, request), context);
    return batchItemFailures.length === 0;
  };
  /** A drift round, one lane after the other; answers the lanes that are reported. */
  const run = async () => {
    const reported: Lane[] = [];
    for (const lane of lanesOf(configuration).keys()) if (await report(lane)) reported.push(lane);
    return reported;
  };
  let sequence = 0;
  /** Writes the ledger records of a settled change. */
  const approve = async (tenant: string, approved: Approved) => {
    sequence += 1;
    const configured = configuration.tenants[tenant];
    if (configured === undefined) throw new Error(`no tenant ${tenant}`);
    const ref = aRef(`CHG${sequence}`, { lane: laneName(configured), tenant });
    const record = aChange({ ref, sequence, state: 'settled', outcome: outcomeOf(approved) });
    const known = await ledger.readDesired(ref.lane, approved.groupId);
    const desired = foldDesired(known, record);
    if (desired !== undefined) await ledger.writeDesired(desired, desired.version);
  };
  const reportOf = (lane: string): DriftReport => {
    const found = reports.reports.get(`drift/${lane}/latest.json`);
    if (found === undefined) throw new Error(`no report of ${lane}`);
    return JSON.parse(found.body);
  };
  return { run, report, approve, reportOf, ledger, reports, catalogs, published, meter, log };
}

/** An event of SQS with one message. */
function anEvent(messageId: string, body: string): SQSEvent {
  const attributes = {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: '',
    ApproximateFirstReceiveTimestamp: '0',
  };
  const source = {
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:1:drift.fifo',
    awsRegion: 'eu-central-1',
  };
  return {
    Records: [
      { messageId, body, receiptHandle: messageId, attributes, messageAttributes: {}, md5OfBody: '', ...source },
    ],
  };
}

const MAIN = `PRODUCTION-${CUSTOMER}`;

describe('the drift function', () => {
  it('reports each lane once, into bucket, metric and topic', async () => {
    const { run, approve, reports, reportOf, published, meter } = setUp();
    const store = simulator.storeOf(CUSTOMER);
    const application = store.createApplication({ name: 'wiki' });
    const web = store.createGroup({ name: 'Web', enabled: true, applications: [application.id] });
    const mail = store.createGroup({ name: 'Mail', enabled: true });
    store.createGroup({ name: 'By hand' });
    await approve(
      'main',
      approvedFor(web.id, { fields: { name: 'Web' }, members: { has: [application.id], hasNot: [] } }),
    );
    await approve('main-too', approvedFor(mail.id, { fields: { name: 'Mail', enabled: true } }));
    store.moveApplication('wiki', undefined);
    store.editGroup('Mail', { enabled: false });
    store.renameGroup('Mail', 'E-Mail');

    expect(await run()).toEqual([`PRODUCTION:${CUSTOMER}`, `PRODUCTION:${OTHER}`]);
    const report = reportOf(MAIN);
    expect(report).toMatchObject({
      schemaVersion: 2,
      tenants: ['main', 'main-too'],
      complete: true,
      coverage: { live: 3, managed: 2, drifted: 2, partlyStated: 2, unmanaged: 1 },
    });
    const writer = { id: '216196257331372702', of: 'group' };
    expect(report.findings).toMatchObject([
      { kind: 'removed', group: { name: 'Web' }, application: { id: application.id, name: 'wiki' }, to: 'no-group' },
      { kind: 'changed', group: { name: 'Mail' }, facet: 'enabled', before: 'true', after: 'false', writer },
      { kind: 'changed', group: { name: 'Mail' }, facet: 'name', before: 'Mail', after: 'E-Mail', writer },
    ]);
    expect(report.unmanaged).toMatchObject([{ name: 'By hand', pattern: 'none' }]);
    const dated = [...reports.reports.keys()].filter((key) => /\/\d{8}T\d{6}Z\.(json|md|html)$/.test(key));
    expect(dated).toHaveLength(6);
    expect(reports.reports.get(dated.find((key) => key.endsWith('.md')) ?? '')?.contentType).toMatch(/^text\/markdown/);
    expect(published.map(({ subject }) => subject)).toEqual([
      'Drift of main and 1 other tenant: 3 new, 0 still',
      'Drift of other: no drift',
    ]);
    expect(published[0]?.text).toContain('new, changed: enabled of "Mail"');
    const counted = meter.counts.filter(({ name, value }) => name === 'DriftFindings' && value > 0);
    expect(Object.fromEntries(counted.map(({ dimensions, value }) => [dimensions.kind, value]))).toEqual({
      changed: 2,
      removed: 1,
    });
    expect(counted).toHaveLength(2);
    expect(meter.flushed).toBe(2);
  });

  it('a tenant that cannot be read is not checked, and does not stop the others', async () => {
    const far = { vanity: 'acme', endpoint: 'http://127.0.0.1:9', customerId: FAR };
    const { run, approve, reportOf } = setUp(configurationOf({ far }), ['main', 'main-too']);
    await approve('main', approvedFor('11', { fields: { name: 'Web' } }));
    await approve('far', approvedFor('12', { fields: { name: 'Mail' } }));
    expect(await run()).toHaveLength(3);
    expect(reportOf(MAIN).notChecked).toMatchObject([{ tenant: 'main', groups: 1 }]);
    expect(reportOf(MAIN).coverage).toMatchObject({ managed: 1, notChecked: 1, drifted: 0 });
    expect(reportOf(`PRODUCTION-${FAR}`).notChecked).toMatchObject([{ tenant: 'far', groups: 1 }]);
    expect(reportOf(`PRODUCTION-${OTHER}`)).toMatchObject({ complete: true, findings: [] });
  });

  it('a list that lacks what it announces is not checked, though a group in it is managed and not shown', async () => {
    const { run, approve, reportOf, catalogs } = setUp();
    await approve('main', approvedFor('11', { fields: { name: 'Web' } }));
    const text = JSON.stringify({ totalPages: '1', totalCount: '1', list: [] });
    simulator.faults.script({ method: 'GET', path: `*/${CUSTOMER}/segmentGroup*` }, { kind: 'wrong-answer', text }, 99);
    await run();
    expect(reportOf(MAIN)).toMatchObject({
      complete: false,
      findings: [],
      notChecked: [{ code: 'incomplete-list', groups: 1 }],
    });
    expect(await catalogs.read('main')).toBeUndefined();
  });

  it('reads a customer with the next tenant where the first one cannot', async () => {
    const { run, approve, reportOf } = setUp(configurationOf(), ['main']);
    const group = simulator.storeOf(CUSTOMER).createGroup({ name: 'Web' });
    await approve('main', approvedFor(group.id, { fields: { name: 'Web' } }));
    await run();
    expect(reportOf(MAIN)).toMatchObject({ complete: true, coverage: { partlyStated: 1, drifted: 0 } });
  });

  it('asks by id before it calls a group missing', async () => {
    const { run, approve, reportOf } = setUp();
    await approve('main', approvedFor('4711', { fields: { name: 'Gone' } }));
    simulator.faults.script({ path: '*/segmentGroup/4711' }, { kind: 'error', status: 400, id: 'what.is.this' }, 99);
    await run();
    expect(reportOf(MAIN).notChecked).toMatchObject([{ groupId: '4711', groups: 1 }]);
    simulator.faults.clear();
    await run();
    expect(reportOf(MAIN).findings).toMatchObject([{ kind: 'missing', group: { id: '4711', name: 'Gone' } }]);
  });

  it('names writers and patterns by the settings of the lane', async () => {
    const tenant = { vanity: 'acme', endpoint: simulator.url, customerId: CUSTOMER };
    const writers = { '216196257331372702': { name: 'Anna', kind: 'console' } };
    const { run, reportOf } = setUp(configurationOf({ main: { ...tenant, drift: { owned: ['Web*'] }, writers } }));
    simulator.storeOf(CUSTOMER).createGroup({ name: 'Web', enabled: true });
    simulator.storeOf(CUSTOMER).editGroup('Web', { enabled: false });
    await run();
    expect(reportOf(MAIN).findings).toMatchObject([
      { kind: 'unmanaged', group: { name: 'Web' }, state: 'new', writer: { name: 'Anna', kind: 'console' } },
    ]);
  });

  it('carries each report over from the last one', async () => {
    const { run, approve, reportOf } = setUp();
    const store = simulator.storeOf(CUSTOMER);
    const group = store.createGroup({ name: 'Web', enabled: true });
    await approve('main', approvedFor(group.id, { fields: { enabled: true } }));
    store.editGroup('Web', { enabled: false });
    const states: unknown[] = [];
    for (const edit of [undefined, undefined, { enabled: true }]) {
      if (edit !== undefined) store.editGroup('Web', edit);
      await clock.advance(24 * 60 * 60 * 1000);
      await run();
      const { findings, closed, startedAfresh } = reportOf(MAIN);
      states.push([findings.map(({ state }) => state), closed.length, startedAfresh]);
    }
    expect(states).toEqual([
      [['new'], 0, 'no-earlier-report'],
      [['still'], 0, undefined],
      [[], 1, undefined],
    ]);
    expect(reportOf(MAIN).history).toHaveLength(3);
  });

  it('obeys a 429 and reads on', async () => {
    const { run, reportOf } = setUp();
    simulator.faults.script({ path: '*/segmentGroup' }, { kind: 'rate-limited', retryAfterSeconds: 7 });
    await run();
    expect(reportOf(MAIN).complete).toBe(true);
    expect(clock.slept.some((ms) => ms >= 7000)).toBe(true);
  });

  it('reads per microtenant, and one that fails hides only its own', async () => {
    const north = { vanity: 'acme', endpoint: simulator.url, customerId: OTHER };
    const store = simulator.storeOf(OTHER);
    const one = store.createMicrotenant({ name: 'One' });
    const two = store.createMicrotenant({ name: 'Two' });
    const configuration = configurationOf({ other: { ...north, microtenants: { one: one.id, two: two.id } } });
    const { run, approve, reportOf } = setUp(configuration);
    const group = store.createGroup({ name: 'Web', microtenantId: one.id });
    await approve('other', approvedFor(group.id, { microtenantId: one.id, fields: { name: 'Web' } }));
    await approve('other', approvedFor('4711', { microtenantId: two.id, fields: { name: 'Mail' } }));
    const path = `*customers/${OTHER}/segmentGroup`;
    simulator.faults.script({ path, after: 1 }, { kind: 'error', status: 503 }, 99);
    await run();
    expect(reportOf(`PRODUCTION-${OTHER}`)).toMatchObject({
      complete: false,
      coverage: { managed: 2, partlyStated: 1, notChecked: 1, drifted: 0 },
      findings: [],
      notChecked: [{ microtenantId: two.id, groups: 1 }],
    });
  });

  it('stays within two reads in ten seconds per customer, and writes nothing', async () => {
    const { run, approve } = setUp();
    for (const id of ['1', '2', '3', '4', '5', '6']) await approve('main', approvedFor(id, { fields: { name: id } }));
    await run();
    const calls = simulator.log.all().filter(({ kind }) => kind !== 'token');
    const reads = calls.filter(({ path }) => path.includes(CUSTOMER)).map(({ at }) => at);
    expect(reads).toHaveLength(8);
    for (const at of reads) expect(reads.filter((other) => other >= at && other < at + 10_000).length).toBeLessThan(3);
    expect(new Set(calls.map(({ kind }) => kind))).toEqual(new Set(['read']));
  });

  it('keeps a catalog per tenant of what was read, by microtenant, and the last complete one where something is missing', async () => {
    const store = simulator.storeOf(CUSTOMER);
    const wiki = store.createApplication({ name: 'wiki' });
    const web = store.createGroup({ name: 'Web', enabled: true, applications: [wiki.id] });
    const { run, catalogs, meter } = setUp();
    await run();
    expect(catalogs.catalogs.get('main')).toEqual({
      schemaVersion: 1,
      tenant: 'main',
      asOf: TEST_START,
      lane: `PRODUCTION:${CUSTOMER}`,
      microtenantIds: ['0'],
      groups: [{ id: web.id, name: 'Web', enabled: true, microtenantId: '0' }],
      applications: [{ id: wiki.id, name: 'wiki', enabled: true, microtenantId: '0', groupId: web.id }],
    });
    expect([...catalogs.catalogs.keys()].sort()).toEqual(['main', 'main-too', 'other']);
    const applications = simulator.log.all().filter(({ path }) => path.includes('/application'));
    expect(applications.filter(({ path }) => path.includes(CUSTOMER))).toHaveLength(1);
    store.createGroup({ name: 'New' });
    simulator.faults.script({ path: '*/application' }, { kind: 'error', status: 503 }, 99);
    await run();
    expect(catalogs.catalogs.get('main')?.groups).toHaveLength(1);
    expect(meter.total('CatalogNotKept')).toBe(3);
  });

  it('names by the last catalog an application segment that is gone, and by the last report after that', async () => {
    const store = simulator.storeOf(CUSTOMER);
    const wiki = store.createApplication({ name: 'wiki' });
    const web = store.createGroup({ name: 'Web', enabled: true, applications: [wiki.id] });
    const { run, approve, reportOf, catalogs } = setUp();
    await approve('main', approvedFor(web.id, { fields: {}, members: { has: [wiki.id], hasNot: [] } }));
    await run();
    store.deleteApplication('wiki');
    await run();
    const gone = { kind: 'removed', to: 'gone', application: { id: wiki.id, name: 'wiki' } };
    expect(reportOf(MAIN).findings).toMatchObject([{ ...gone, state: 'new' }]);
    expect(catalogs.catalogs.get('main')?.applications).toEqual([]);
    await run();
    expect(reportOf(MAIN).findings).toMatchObject([{ ...gone, state: 'still' }]);
  });

  it('calls what is gone by its id where no catalog can be read, and is made all the same', async () => {
    const web = simulator.storeOf(CUSTOMER).createGroup({ name: 'Web' });
    const { run, approve, reportOf, catalogs, log } = setUp();
    catalogs.read = async () => Promise.reject(new Error('access denied'));
    await approve('main', approvedFor(web.id, { fields: {}, members: { has: ['4711'], hasNot: [] } }));
    await run();
    expect(reportOf(MAIN).findings).toMatchObject([{ to: 'gone', application: { id: '4711', name: '4711' } }]);
    expect(log.lines.map(({ message }) => message)).toContain(
      'a catalog names nothing that is gone, because it cannot be read',
    );
  });

  it('a lane whose report cannot be kept is delivered again, and the others are reported', async () => {
    const { run, reports, published, meter } = setUp();
    const put = reports.put;
    reports.put = async (key, body, type) => {
      if (key.includes(CUSTOMER)) throw new Error('no bucket');
      return await put(key, body, type);
    };
    expect(await run()).toEqual([`PRODUCTION:${OTHER}`]);
    expect(published.map(({ subject }) => subject)).toEqual(['Drift of other: no drift']);
    expect(meter.total('DriftReportFailed')).toBe(1);
    expect(meter.flushed).toBe(2);
  });

  it('a lane that no tenant has any more is done with, and a message that is none comes again', async () => {
    const { report, published, reports, meter, log } = setUp();
    expect(await report('PRODUCTION:1')).toBe(true);
    expect([published, reports.reports.size, meter.total('DriftReportFailed')]).toEqual([[], 0, 0]);
    expect(await report('')).toBe(false);
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', message: 'no drift report of this lane' });
  });
});

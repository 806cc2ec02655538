import { afterEach, describe, expect, it } from 'vitest';
import { compose } from '../../../functions/notify/compose.ts';
import { signedBy } from '../../../local/aws/access/caller.ts';
import { resourceNames } from '../../../local/aws/common/resource-names.ts';
import { createResources, type ResourceEnvironment } from '../../../local/aws/create-resources.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { pushConfiguration } from '../../../local/aws/push-configuration.ts';
import { type EventSource, startEventSource } from '../../../local/lambda/event-source.ts';
import { type Jira, startJira } from '../../../local/ticket-systems/jira/jira.ts';
import { LOCAL_CREDENTIALS } from '../../../local/ticket-systems/open.ts';
import { type ServiceNow, startServiceNow } from '../../../local/ticket-systems/servicenow/servicenow.ts';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { createOutcomeTopic } from '../../../shared/aws/messaging/outcome-topic.ts';
import { createReportTopic } from '../../../shared/aws/messaging/report-topic.ts';
import { createReportStore } from '../../../shared/aws/report-store.ts';
import {
  type Configuration,
  configurationSchema,
  settingsSchema,
} from '../../../shared/domain/configuration/configuration.ts';
import { driftJson, reportKeys } from '../../../shared/domain/drift/render/report-files.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { ABSENT } from '../../../shared/ports/ports.ts';
import { EnvironmentError } from '../../../shared/runtime/env.ts';
import { aChange, anApplied, anUpdate, aRef } from '../../fakes/records.ts';
import { aFinding, aSurvey } from '../../unit/domain/sample-drift.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function configurationOf(servicenow: ServiceNow, jira: Jira): Configuration {
  const loopback = { allowedPrivateCidrs: ['127.0.0.0/8'] };
  return configurationSchema.parse({
    name: 'here',
    tenants: {},
    sources: {
      servicenow: { system: 'ServiceNow', tickets: { kind: 'servicenow', url: servicenow.url, ...loopback } },
      ops: { system: 'zpa-changes CLI' },
      jira: {
        system: 'Jira',
        tickets: { kind: 'jira', url: jira.url, ...loopback, transitions: { all: { to: 'Failed' } } },
      },
    },
  });
}

type Site = {
  aws: AwsEndpoint;
  env: ResourceEnvironment;
  servicenow: ServiceNow;
  jira: Jira;
  settle(source: string, ticket: string): Promise<ChangeRecord>;
  /** The function behind its queue; its time runs faster by the same factor as that of SQS here. */
  run(onAnswer?: () => void): EventSource;
  left(): number;
  /** The next start of the function reads this configuration; undefined: as it was. */
  configure(edit?: (before: Configuration) => Configuration): Promise<void>;
};

const TIME_FACTOR = 100;

const DRIFTING = {
  customerId: '1',
  auth: 'legacy',
  drift: {
    ticket: {
      source: 'jira',
      fields: { project: { key: 'OPS' }, issuetype: { name: 'Task' } },
      closed: { to: 'Waiting for approval' },
    },
  },
};

async function openSite(): Promise<Site> {
  const [servicenow, jira] = [await startServiceNow(), await startJira()];
  const aws = await startAwsEndpoint({ timeFactor: TIME_FACTOR });
  closers.push(
    () => servicenow.close(),
    () => jira.close(),
    () => aws.close(),
  );
  const configuration = configurationOf(servicenow, jira);
  const env = await createResources(aws, configuration, {
    'here/status': 'status-secret',
    'here/tickets/servicenow': JSON.stringify(LOCAL_CREDENTIALS.servicenow),
    'here/tickets/jira': JSON.stringify(LOCAL_CREDENTIALS.jira),
  });
  const ledger = createDynamoLedger({ env, tableName: env.TABLE_NAME });
  const outcomes = createOutcomeTopic({ env, topicArn: env.OUTCOMES_TOPIC_ARN });
  return {
    aws,
    env,
    servicenow,
    jira,
    async settle(source, ticket) {
      const idempotencyKey = `${ticket}/1@A1`;
      const record = aChange({
        ref: aRef(idempotencyKey, { source }),
        change: anUpdate({ idempotencyKey }),
        ticket: { system: source, id: ticket, approvals: [] },
        state: 'settled',
        outcome: anApplied(),
      });
      await ledger.writeChange(record, ABSENT);
      const { ref, generation, change, correlationId, outcome } = record;
      if (outcome === undefined) throw new Error('no outcome');
      const { action } = change;
      await outcomes.publish({
        schemaVersion: 1,
        ref,
        generation,
        action,
        ticket: record.ticket,
        outcome,
        correlationId,
      });
      return record;
    },
    run(onAnswer = () => undefined) {
      const handle = compose({
        ...signedBy(env, { configuration: configuration.name, name: 'notify' }),
        PUBLIC_URL: 'https://front.example.org',
        TIME_FACTOR: String(TIME_FACTOR),
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        POWERTOOLS_METRICS_DISABLED: 'true',
      });
      const handler: typeof handle = async (event, context) => {
        const answer = await handle(event, context);
        onAnswer();
        return answer;
      };
      const source = startEventSource({
        function: { name: 'notify', timeoutMs: 300_000, memoryMb: 256, handler },
        environment: env,
        queueUrl: env.NOTICES_QUEUE_URL,
        batchSize: 5,
      });
      closers.push(() => source.close({ kill: true }));
      return source;
    },
    configure: (edit = (before) => before) => pushConfiguration(env, edit(configuration)),
    left: () => aws.contents(resourceNames('here').notices, 100)?.messages.length ?? 0,
  };
}

describe('the function on its queue', () => {
  it('opens a ticket about drift of the tenant that has one, comments on it, and closes it', async () => {
    const site = await openSite();
    await site.configure((before) => ({
      ...before,
      tenants: settingsSchema.parse({
        tenants: { acme: DRIFTING },
        sources: before.sources,
      }).tenants,
    }));
    const reports = createReportStore({ env: site.env, bucket: site.env.REPORTS_BUCKET });
    const topic = createReportTopic({ env: site.env, topicArn: site.env.OUTCOMES_TOPIC_ARN });
    const source = site.run();
    for (const [day, findings] of [[aFinding()], [aFinding(), aFinding({ id: 'D-ffffffff' })], []].entries()) {
      const report = aSurvey({ lane: 'PRODUCTION:1', startedAt: `2026-12-0${day + 1}T06:00:00.000Z`, findings });
      const key = reportKeys(report).dated.json;
      await reports.put(key, driftJson(report), 'application/json');
      await topic.publish('drift', 'text', { kind: 'drift-report', schemaVersion: 2, lane: report.lane, key });
      await source.drain();
    }
    const issue = site.jira.store.get('OPS-101');
    expect(issue?.fields).toMatchObject({
      summary: expect.stringContaining('acme'),
      status: { name: 'Waiting for approval' },
    });
    expect(site.jira.notes('OPS-101')).toEqual([
      expect.stringContaining('2 differences'),
      expect.stringContaining('everything is as tickets approved it'),
    ]);
    expect(site.jira.store.all()).toHaveLength(1);
    expect(site.left()).toBe(0);
  });

  it('tells what the topic brings, and lets go of what is nobody’s ticket', async () => {
    const site = await openSite();
    site.servicenow.store.addTicket({ number: 'CHG0000001', title: 'Printers' });
    site.jira.store.addIssue({ key: 'ZPA-1', title: 'Printers' });
    await createReportTopic({ env: site.env, topicArn: site.env.OUTCOMES_TOPIC_ARN }).publish('drift', 'text', {
      kind: 'drift-report',
    });
    await site.settle('servicenow', 'CHG0000001');
    await site.settle('jira', 'ZPA-1');
    await site.settle('ops', 'OPS-1');
    expect(site.left()).toBe(4);
    await site.run().drain();
    expect(site.servicenow.notes('CHG0000001')).toEqual([
      expect.stringMatching(
        /^The change is live in ZPA\.\n\[code\]<table border="1">.*<\/table>\[\/code\]\n[\s\S]*\n\nzpa-changes\/[0-9a-f]{24}\/[\w-]{21}$/,
      ),
    ]);
    expect(site.jira.notes('ZPA-1')).toHaveLength(1);
    expect(site.jira.store.get('ZPA-1')?.fields.status.name).toBe('Failed');
    expect(site.left()).toBe(0);
  });

  it('a limit is kept to, a lost answer says nothing twice', async () => {
    const site = await openSite();
    site.servicenow.store.addTicket({ number: 'CHG0000001', title: 'Printers' });
    const limited = { status: 429, json: {}, headers: { 'retry-after': '1' } };
    site.servicenow.faults.push({ kind: 'answer', answer: limited }, { method: 'PATCH', kind: 'lose-answer' });
    await site.settle('servicenow', 'CHG0000001');
    await site.run().drain();
    expect(site.servicenow.notes('CHG0000001')).toHaveLength(1);
    expect(site.servicenow.faults).toEqual([]);
  });

  it('keeps a notice whose source is not configured, and tells it once the source is back', async () => {
    const site = await openSite();
    site.servicenow.store.addTicket({ number: 'CHG0000001', title: 'Printers' });
    await site.settle('servicenow', 'CHG0000001');
    await site.configure(({ sources: { servicenow: _, ...sources }, ...before }) => ({ ...before, sources }));
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    const running = site.run(resolve);
    await answered;
    await running.close();
    expect(site.left()).toBe(1);
    expect(site.servicenow.notes('CHG0000001')).toEqual([]);
    await site.configure();
    await site.run().drain();
    expect(site.servicenow.notes('CHG0000001')).toHaveLength(1);
    expect(site.left()).toBe(0);
  });

  it('does not start without the address that status links begin with', () => {
    const env = {
      STACK_NAME: 'here',
      SETTINGS_TABLE: 's',
      TABLE_NAME: 't',
      NOTICES_QUEUE_URL: 'https://sqs.example.org/1/n',
    };
    expect(() => compose(env)).toThrow(EnvironmentError);
  });
});

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNBOOK } from '../../cdk/watch/alarms.ts';
import { FUNCTIONS } from '../../shared/deployment/resources.ts';
import { TIMING } from '../../shared/domain/ledger/timing.ts';
import { alarmsOf, readAlarm } from './read-alarm.ts';
import { CONFIGURATION, readable, synthesise } from './synthesise.ts';

const { resources } = synthesise();
const root = resolve(import.meta.dirname, '../..');
const alarms = alarmsOf(resources);

/** A sum as `readAlarm` writes it, from the texts of its metrics by id. */
const sumText = (texts: Record<string, string>) => {
  const filled = Object.keys(texts).map((id) => `FILL(${id}, 0)`);
  const named = Object.entries(texts).map(([id, text]) => `${id} = Sum ${text}`);
  return `${filled.join(' + ')} (${named.join(', ')})`;
};
const sum = (names: Record<string, string>) =>
  sumText(Object.fromEntries(Object.entries(names).map(([id, name]) => [id, `${CONFIGURATION.name} ${name}`])));
const ofFunctions = (metric: string, names: readonly string[]) =>
  sumText(Object.fromEntries(names.map((name) => [name, `AWS/Lambda ${metric}[FunctionName=${name}Function]`])));
const ofLedger = (requests: readonly string[]) =>
  sumText(
    Object.fromEntries(
      requests.flatMap((one) =>
        [`throttled${one} ThrottledRequests`, `failed${one} SystemErrors`].map((both) => {
          const [id, metric] = both.split(' ');
          return [id, `AWS/DynamoDB ${metric}[Operation=${one}][TableName=Ledger]`];
        }),
      ),
    ),
  );

describe('alarms', () => {
  it('watch these metrics with these thresholds', () => {
    const waiting = 'Maximum AWS/SQS ApproximateNumberOfMessagesVisible';
    const goodRuns = (name: string) =>
      `runs - failed (runs = Sum AWS/Lambda Invocations[FunctionName=${name}Function], failed = Sum AWS/Lambda Errors[FunctionName=${name}Function])`;
    expect(alarms.map(readAlarm)).toEqual([
      `harbour-failures-waiting: ${waiting}[QueueName=Failures.QueueName] >= 1`,
      'harbour-oldest-message: Maximum AWS/SQS ApproximateAgeOfOldestMessage[QueueName=Changes.QueueName] >= 3600',
      'harbour-worker-crashes: Sum AWS/Lambda Errors[FunctionName=applyFunction] >= 1',
      'harbour-webhook-errors: Sum AWS/ApiGateway 5xx[ApiId=Api] >= 5',
      `harbour-scheduled-run-failed: ${waiting}[QueueName=MissedRuns.QueueName] >= 1`,
      `harbour-notices-waiting: ${waiting}[QueueName=NoticesFailed.QueueName] >= 1`,
      `harbour-plans-missed: ${waiting}[QueueName=PlansMissed.QueueName] >= 1`,
      'harbour-drift-late: Maximum AWS/SQS ApproximateAgeOfOldestMessage[QueueName=Lanes.QueueName] >= 14400',
      `harbour-drift-missed: ${waiting}[QueueName=LanesMissed.QueueName] >= 1`,
      'harbour-audit-late: Maximum AWS/SQS ApproximateAgeOfOldestMessage[QueueName=Audit.QueueName] >= 7200',
      `harbour-audit-waiting: ${waiting}[QueueName=AuditFailed.QueueName] >= 1`,
      `harbour-function-errors: ${ofFunctions('Errors', ['ingest', 'status', 'catalog', 'notify', 'plan', 'drift', 'audit'])} >= 1`,
      // CloudWatch takes ten metrics in an alarm; that `audit` is not started is told by audit-late.
      `harbour-functions-throttled: ${ofFunctions(
        'Throttles',
        Object.keys(FUNCTIONS).filter((name) => name !== 'audit'),
      )} >= 1`,
      `harbour-ledger-errors: ${ofLedger(['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'])} >= 5`,
      'harbour-worker-errors: Sum harbour WorkerError >= 1',
      'harbour-lane-stopped: Sum harbour LaneStopped >= 1',
      'harbour-left-ungrouped: Sum harbour LeftUngrouped >= 1',
      'harbour-deliveries-unproven: Sum harbour DeliveriesUnproven >= 3',
      'harbour-sweep-incomplete: Sum harbour SweepFailed >= 3',
      `harbour-reconcile-incomplete: ${sum({ sources: 'ReconcileFailed', lanes: 'ReconcileLaneFailed' })} >= 1`,
      'harbour-read-back-failed: Sum harbour ReadBackFailed >= 3',
      'harbour-notify-partial: Sum harbour NotifyPartial >= 1',
      'harbour-settings-refused: Sum harbour SettingsRefused >= 1',
      'harbour-writes-unanswered: Sum harbour WriteUnanswered >= 5',
      'harbour-deliveries-refused: Sum harbour DeliveriesRefused >= 10',
      'harbour-refusals-untold: Sum harbour RefusalCommentFailed >= 3',
      `harbour-pages-unavailable: ${sum({ status: 'StatusUnavailable', catalog: 'CatalogUnavailable' })} >= 3`,
      `harbour-drift-incomplete: ${sum({ reports: 'DriftReportFailed', catalogs: 'CatalogNotKept' })} >= 1`,
      'harbour-drift-new: Sum harbour DriftNew >= 1',
      'harbour-drift-not-checked: Sum harbour DriftLongNotChecked >= 1',
      `harbour-sweep-silent: ${goodRuns('sweep')} < 1`,
      `harbour-reconcile-silent: ${goodRuns('reconcile')} < 1`,
      `harbour-drift-silent: ${goodRuns('round')} < 1`,
    ]);
  });

  it('a stopped lane stays in alarm from one probe to the next', () => {
    const lane = alarms.find(({ MetricName }) => MetricName === 'LaneStopped');
    expect(lane).toMatchObject({ DatapointsToAlarm: 1 });
    expect(Number(lane?.Period) * Number(lane?.EvaluationPeriods) * 1000).toBeGreaterThanOrEqual(2 * TIMING.deferMaxMs);
  });

  it('say when they begin and when they are over, and missing data is no alarm but for a heartbeat', () => {
    for (const alarm of alarms) {
      expect([alarm.AlarmActions, alarm.OKActions].map((list) => (list as unknown[]).map(readable))).toEqual([
        ['Alarms'],
        ['Alarms'],
      ]);
      const isHeartbeat = String(alarm.AlarmName).endsWith('-silent');
      expect(alarm).toMatchObject(
        isHeartbeat
          ? { TreatMissingData: 'breaching', ComparisonOperator: 'LessThanThreshold' }
          : {
              TreatMissingData: 'notBreaching',
              ComparisonOperator: 'GreaterThanOrEqualToThreshold',
              DatapointsToAlarm: 1,
            },
      );
    }
  });

  it('reach a mailbox only if the configuration has one', () => {
    const mailsOf = (from: typeof resources) =>
      Object.values(from('AWS::SNS::Subscription'))
        .map(({ Properties }) => Properties)
        .filter(({ Protocol }) => Protocol === 'email');
    expect(mailsOf(resources)).toMatchObject([{ Endpoint: 'watch@example.org' }]);
    const { alarmEmail: _, ...silent } = CONFIGURATION;
    expect(mailsOf(synthesise(silent).resources)).toEqual([]);
  });
});

describe('the runbook', () => {
  const text = readFileSync(join(root, RUNBOOK), 'utf8');
  const sections = text.split(/^## /m).slice(1);
  const titles = sections.map((section) => section.slice(0, section.indexOf('\n')));

  it('has one section per alarm, titled by its name, and every alarm leads to its own', () => {
    const prefix = `${CONFIGURATION.name}-`;
    const named = alarms.map(({ AlarmName }) => String(AlarmName).slice(prefix.length));
    expect(titles.toSorted()).toEqual(named.toSorted());
    for (const [index, { AlarmDescription }] of alarms.entries()) {
      expect(AlarmDescription).toMatch(new RegExp(`^[A-Z].{30,}\\. What to do: ${RUNBOOK}#${named[index]}$`));
    }
  });

  it.each(sections.map((section, index) => [titles[index], section]))(
    '%s says what, where to look and what to do',
    (_, section) => {
      expect([...String(section).matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)).toEqual([
        'Description',
        'Investigation',
        'Resolution',
      ]);
    },
  );
});

import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALARM_METRICS } from '../../bench/cost/month.ts';
import { RUNBOOK } from '../../cdk/watch/alarms.ts';
import { METRICS } from '../../cdk/watch/metrics.ts';
import { FUNCTIONS } from '../../shared/deployment/resources.ts';
import { type AlarmProperties, alarmsOf, metricsOf } from './read-alarm.ts';
import { CONFIGURATION, listOf, readable, statementsOf, synthesise } from './synthesise.ts';

const root = resolve(import.meta.dirname, '../..');
const { resources } = synthesise();
const alarms = alarmsOf(resources);
const nameOf = ({ AlarmName }: AlarmProperties) => String(AlarmName).slice(`${CONFIGURATION.name}-`.length);

const code = globSync('{functions,shared}/**/*.ts', { cwd: root })
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');
const counted = [...new Set([...code.matchAll(/meter\.count\(\s*'(\w+)'/g)].map(([, name]) => String(name)))];

const rows: [string, { alarm?: string; none?: string }][] = Object.entries(METRICS);
const watchedBy = rows.flatMap(([metric, { alarm }]) => (alarm === undefined ? [] : [`${alarm} ${metric}`]));
const runbook = readFileSync(join(root, RUNBOOK), 'utf8');
const sectionOf = (alarm: string) => runbook.split(/^## /m).find((one) => one.startsWith(`${alarm}\n`)) ?? '';

describe('the metrics that the functions count', () => {
  it('are those of the table, and each is counted by a name that can be found', () => {
    expect(counted.toSorted()).toEqual(Object.keys(METRICS));
    expect([...code.matchAll(/meter\.count\((?!\s*')/g)]).toEqual([]);
  });

  it('are watched by the alarms that the table names, and by no others', () => {
    const own = alarms.flatMap((alarm) =>
      metricsOf(alarm)
        .filter(({ Namespace }) => Namespace === CONFIGURATION.name)
        .map(({ MetricName }) => `${nameOf(alarm)} ${MetricName}`),
    );
    expect(own.toSorted()).toEqual(watchedBy.toSorted());
  });

  it('stand in the runbook section of their alarm', () => {
    const missing = watchedBy.filter((pair) => {
      const [alarm = '', metric = ''] = pair.split(' ');
      return !sectionOf(alarm).includes(`\`${metric}\``);
    });
    expect(missing).toEqual([]);
  });

  it('have a reason of a sentence if no alarm watches them, and an alarm that the reason names exists', () => {
    const reasons = rows.flatMap(([, { none }]) => (none === undefined ? [] : [none]));
    expect(reasons.filter((reason) => !/^[A-Z].{20,}\.$|^The work that (comes in|is done)\.$/.test(reason))).toEqual(
      [],
    );
    const named = reasons.flatMap((reason) => [...reason.matchAll(/\b[a-z]+(?:-[a-z]+)+\b/g)].map(([name]) => name));
    expect(named.length).toBeGreaterThan(6);
    expect(named.filter((name) => !alarms.map(nameOf).includes(name))).toEqual([]);
  });
});

describe('what AWS counts', () => {
  const watched = (metric: string) =>
    alarms
      .flatMap(metricsOf)
      .filter(({ MetricName }) => MetricName === metric)
      .map(({ Dimensions = [] }) => Dimensions.map(({ Value }) => readable(Value)).join(' '));
  const functions = Object.keys(FUNCTIONS).map((name) => `${name}Function`);

  it('errors of every function are watched, and throttles of all but one, whose late work is an alarm of its own', () => {
    expect(new Set(watched('Errors'))).toEqual(new Set(functions));
    const throttled = functions.filter((name) => name !== 'auditFunction');
    expect(watched('Throttles').toSorted()).toEqual(throttled.toSorted());
    expect(alarms.map(nameOf)).toContain('audit-late');
  });

  it('so is each request that a function may make to a table', () => {
    const allowed = Object.values(resources('AWS::IAM::Policy'))
      .flatMap(statementsOf)
      .flatMap(({ Action }) => listOf(Action))
      .filter((action) => action.startsWith('dynamodb:'))
      .map((action) => `${action.replace('dynamodb:', '')} Ledger`);
    for (const metric of ['ThrottledRequests', 'SystemErrors']) {
      expect(new Set(watched(metric))).toEqual(new Set(allowed));
    }
  });

  it('an alarm has at most the ten metrics that CloudWatch allows', () => {
    expect(Math.max(...alarms.map((alarm) => metricsOf(alarm).length))).toBeLessThanOrEqual(10);
  });
});

it('a month is computed with the number of metrics that alarms watch', () => {
  expect(ALARM_METRICS).toBe(alarms.flatMap(metricsOf).length);
});

it('docs/deploy.md says how many alarms there are, and over how many metrics, which is what AWS bills', () => {
  const metrics = alarms.flatMap(metricsOf).length;
  const [said] =
    /\d+ alarms over \d+ metrics, [\d.]+ USD/.exec(readFileSync(join(root, 'docs/deploy.md'), 'utf8')) ?? [];
  expect(said).toBe(`${alarms.length} alarms over ${metrics} metrics, ${(metrics * 0.1).toFixed(2)} USD`);
});

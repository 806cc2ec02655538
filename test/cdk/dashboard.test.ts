import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNBOOK } from '../../cdk/watch/alarms.ts';
import { LANE_ERRORS } from '../../cdk/watch/dashboard.ts';
import { METRICS } from '../../cdk/watch/metrics.ts';
import { FUNCTIONS } from '../../shared/deployment/resources.ts';
import { alarmsOf } from './read-alarm.ts';
import { readable, synthesise } from './synthesise.ts';

type Widget = {
  type: 'text' | 'metric' | 'alarm' | 'log';
  y: number;
  properties: { markdown?: string; title?: string; metrics?: unknown[][]; alarms?: string[]; query?: string };
};

const root = resolve(import.meta.dirname, '../..');
const { propertiesOf, resources } = synthesise();
const dashboard = propertiesOf('AWS::CloudWatch::Dashboard', 'Dashboard');
const { widgets } = JSON.parse(readable(dashboard.DashboardBody)) as { widgets: Widget[] };
const headings = widgets.flatMap(({ properties }) => /^## (.*)$/m.exec(properties.markdown ?? '')?.[1] ?? []);
const shown = JSON.stringify(widgets.flatMap(({ properties }) => properties.metrics ?? []));

describe('the dashboard', () => {
  it('has the name of the stack', () => {
    expect(dashboard.DashboardName).toBe('harbour');
  });

  it('is read from top to bottom: the way of a change, then what can go wrong, then the alarms', () => {
    expect(headings).toEqual([
      '1. Accepted → queued → applied → answered',
      '2. Oldest message',
      '3. Failures',
      '4. Functions',
      '5. ZPA rate limits and stopped lanes',
      '6. Drift',
      'Alarms',
    ]);
    const rows = widgets.map(({ y }) => y);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
  });

  it('shows only metrics that the functions count', () => {
    const plain = [...shown.matchAll(/\["harbour","(\w+)"/g)];
    const searched = [...shown.matchAll(/MetricName=\\"(\w+)\\"/g)];
    expect(plain.length).toBeGreaterThan(8);
    expect(searched.length).toBe(7);
    const names = [...plain, ...searched].map(([, name]) => name);
    expect(names.filter((name) => !Object.keys(METRICS).includes(String(name)))).toEqual([]);
  });

  it('shows every function, every queue, and every alarm', () => {
    for (const name of Object.keys(FUNCTIONS)) expect(shown).toContain(`${name}Function`);
    const queues = Object.keys(resources('AWS::SQS::Queue'));
    expect(queues.filter((id) => !shown.includes(`"${id}.QueueName"`))).toEqual([]);
    const alarms = widgets.flatMap(({ properties }) => properties.alarms ?? []);
    expect(alarms).toHaveLength(alarmsOf(resources).length);
  });

  it('names the last errors of lanes by log lines that the worker writes', () => {
    const query = widgets.find(({ type }) => type === 'log')?.properties.query ?? '';
    const worker = globSync('functions/apply/**/*.ts', { cwd: root })
      .map((file) => readFileSync(resolve(root, file), 'utf8'))
      .join('\n');
    const named = [...query.matchAll(/"([^"]+)"/g)].map(([, line]) => String(line));
    expect(named).toEqual(LANE_ERRORS);
    expect(named.filter((line) => !worker.includes(`'${line}'`))).toEqual([]);
  });

  it('is explained in the runbook, row by row', () => {
    const runbook = readFileSync(resolve(root, RUNBOOK), 'utf8');
    for (const heading of headings) expect(runbook).toContain(`**${heading}**`);
  });
});

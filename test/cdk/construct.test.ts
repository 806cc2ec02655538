import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { SegmentGroupChanges } from '../../cdk/segment-group-changes.ts';
import { FUNCTIONS } from '../../shared/deployment/resources.ts';
import { type Resource, readable, synthesise, withBundles } from './synthesise.ts';

/**
 * An app of somebody else, without this project's `cdk.json`: a stack with a queue of its own, and two of the
 * constructs.
 */
function foreignApp() {
  return withBundles((bundles, outdir) => {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Platform');
    const mine = new Queue(stack, 'Mine');
    const first = new SegmentGroupChanges(stack, 'Changes', { name: 'emea', bundles });
    const second = new SegmentGroupChanges(stack, 'OtherChanges', { name: 'apac', bundles, mostLanes: 3 });
    new Alarm(stack, 'Watched', {
      metric: first.functions.apply.metricErrors(),
      threshold: 1,
      evaluationPeriods: 1,
    });
    const template = Template.fromStack(stack);
    return { stack, mine, first, second, template };
  });
}

describe('in a stack of somebody else', () => {
  const { stack, mine, first, second, template } = foreignApp();
  const { Resources, Outputs } = template.toJSON() as { Resources: Record<string, Resource>; Outputs?: object };

  it('stands beside other resources, twice', () => {
    template.resourceCountIs('AWS::Lambda::Function', 2 * Object.keys(FUNCTIONS).length);
    template.resourceCountIs('AWS::DynamoDB::Table', 4);
    expect(Resources).toHaveProperty(stack.getLogicalId(mine.node.defaultChild as never));
  });

  it('names are told apart by the name that each was given', () => {
    const NAMES = ['TableName', 'QueueName', 'TopicName', 'FunctionName', 'AlarmName', 'DashboardName', 'LogGroupName'];
    const named = Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
      NAMES.flatMap((one) => {
        const value = Properties[one];
        return typeof value === 'string' ? [`${Type} ${value}`] : [];
      }),
    );
    expect(named.length).toBeGreaterThan(60);
    expect(new Set(named).size).toBe(named.length);
    expect(named.filter((line) => !/ (\/aws\/(lambda|vendedlogs)\/)?(emea|apac)\b/.test(line))).toEqual([]);
  });

  it('no alarm and no dashboard of one watches what the functions of the other count', () => {
    for (const [id, name, other] of [
      ['Changes', 'emea', 'apac'],
      ['OtherChanges', 'apac', 'emea'],
    ] as const) {
      const own = Object.entries(Resources).filter(([key]) => key.startsWith(id));
      const of = (type: string) => own.filter(([, { Type }]) => Type === type).map(([, { Properties }]) => Properties);
      const told = of('AWS::Lambda::Function').map((one) => JSON.stringify(one?.Environment));
      expect(told.filter((one) => !one.includes(`"STACK_NAME":"${name}"`))).toEqual([]);
      const watched = JSON.stringify([of('AWS::CloudWatch::Alarm'), of('AWS::CloudWatch::Dashboard')]);
      expect(watched).toContain(`"Namespace":"${name}"`);
      expect(watched).not.toMatch(new RegExp(`\\b${other}\\b|"Namespace":"zpa-changes"|\\{zpa-changes,`));
    }
  });

  it('leaves everything that is the stack’s to the stack: outputs, tags of others, protection', () => {
    expect(Outputs).toBeUndefined();
    expect(Resources[stack.getLogicalId(mine.node.defaultChild as never)]?.Properties).toBeUndefined();
    expect(stack.terminationProtection).toBe(false);
  });

  it('cdk-nag finds nothing in it, though neither account nor region is known', () => {
    for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks()]) {
      const found = pack.validateScope(stack).violations.map((one) => JSON.stringify(one));
      expect(found.filter((text) => text.includes('Changes/'))).toEqual([]);
      expect(found.filter((text) => text.includes('Mine')).length).toBeGreaterThan(0);
    }
  });

  it('tells what can be built upon', () => {
    for (const one of [first, second]) {
      expect(readable(stack.resolve(one.publicUrl))).toMatch(/^https:\/\/.*\.execute-api\./);
      expect(Object.keys(one.functions)).toEqual(Object.keys(FUNCTIONS));
      for (const built of [one.ledger, one.settings, one.queues.changes, one.outcomes, one.alarmTopic, one.reports]) {
        expect(built.stack).toBe(stack);
      }
      expect(one.alarms.length).toBeGreaterThan(20);
    }
  });

  it('no function of one may use anything of the other', () => {
    const idsUnder = (id: string) => Object.keys(Resources).filter((one) => one.startsWith(id));
    const others = idsUnder('OtherChanges');
    const text = JSON.stringify(idsUnder('Changes').map((id) => Resources[id]));
    expect(others.length).toBeGreaterThan(100);
    expect(others.filter((id) => text.includes(`"${id}"`))).toEqual([]);
  });
});

it('names every fault of its props at once, with path, value and remedy', () => {
  const make = () =>
    new SegmentGroupChanges(new Stack(), 'Changes', { name: 'Harbour!', schedules: { drift: 'cron(0 6 * * * *)' } });
  expect(make).toThrow(/Changes cannot be used:\n.*name = "Harbour!": must match/);
  const scheduled = () =>
    new SegmentGroupChanges(new Stack(), 'Changes', { name: 'harbour', schedules: { drift: 'rate(0 minutes)' } });
  expect(scheduled).toThrow(/schedules\.drift = rate\(0 minutes\)/);
});

it('the stack of this project is nothing but the construct, and its resources keep the ids that they had before it', () => {
  const { stack, resources } = synthesise();
  const parts = stack.node.children.filter((child) => child instanceof SegmentGroupChanges);
  expect(parts.map(({ node }) => node.id)).toEqual(['Default']);
  expect(Object.keys(resources('AWS::DynamoDB::Table'))).toEqual(['Ledger', 'Settings']);
});

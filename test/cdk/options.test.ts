import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { StackConfigurationInput } from '../../cdk/configuration/stack-configuration.ts';
import { stackSchema } from '../../cdk/configuration/stack-configuration.ts';
import { createStack } from '../../cdk/stack.ts';
import { type Resource, synthesise, withBundles } from './synthesise.ts';

const GIVEN = { name: 'harbour', region: 'eu-west-1' };
const withOptions = (options: Partial<StackConfigurationInput>) =>
  synthesise(stackSchema.parse({ ...GIVEN, ...options }));
const all = (template: Template) => (template.toJSON() as { Resources: Record<string, Resource> }).Resources;

describe('logRetentionDays', () => {
  it('is how long every log group keeps its lines', () => {
    const { template } = withOptions({ logRetentionDays: 365 });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });
});

describe('tags', () => {
  it('are on the stack and on all that can have them, also over the one that is there anyway', () => {
    const { stack, template } = withOptions({ tags: { 'cost-centre': '4711', application: 'ours' } });
    expect(stack.tags.tagValues()).toMatchObject({ 'cost-centre': '4711', application: 'ours' });
    const tagged = Object.entries(all(template)).filter(([, { Properties }]) => Properties?.Tags !== undefined);
    expect(tagged.length).toBeGreaterThan(40);
    for (const [id, { Properties }] of tagged) {
      const { Tags } = Properties as { Tags: { Key: string; Value: string }[] };
      const told = Array.isArray(Tags) ? Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) : Tags;
      expect(told, id).toMatchObject({ 'cost-centre': '4711', application: 'ours' });
    }
  });
});

describe('permissionsBoundary', () => {
  const boundary = 'arn:aws:iam::123456789012:policy/boundary';

  it('bounds every role, and no role has one without it', () => {
    const { template } = withOptions({ permissionsBoundary: boundary });
    template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: boundary });
    const unbound = Object.values(withOptions({}).resources('AWS::IAM::Role'));
    expect(unbound.filter(({ Properties }) => 'PermissionsBoundary' in Properties)).toEqual([]);
  });
});

describe('stages', () => {
  it('are stacks of one app, each with its own names, account and region', () => {
    const stacks = withBundles((bundles, outdir) => {
      const app = new App({ outdir });
      const stages = [
        { name: 'harbour-test', region: 'eu-west-1', account: '111111111111' },
        { name: 'harbour-prod', region: 'eu-central-1', account: '222222222222' },
      ];
      const made = stages.map((one) => createStack(app, { configuration: stackSchema.parse(one), bundles }));
      return made.map((stack) => ({ stack, template: Template.fromStack(stack) }));
    });
    expect(stacks.map(({ stack }) => [stack.stackName, stack.account, stack.region])).toEqual([
      ['harbour-test', '111111111111', 'eu-west-1'],
      ['harbour-prod', '222222222222', 'eu-central-1'],
    ]);
    for (const { stack, template } of stacks) {
      template.hasResourceProperties('AWS::DynamoDB::Table', { TableName: `${stack.stackName}-ledger` });
    }
  });
});

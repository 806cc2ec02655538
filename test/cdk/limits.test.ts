import { describe, expect, it } from 'vitest';
import { stackSchema } from '../../cdk/configuration/stack-configuration.ts';
import { CONFIGURATION, type Resource, readable, synthesise } from './synthesise.ts';

/**
 * AWS's quotas (CloudFormation, IAM and Lambda guides) and what the stack may use of them. Tenants and sources are no
 * input of the stack, so it has one size whether there are three of them or three hundred.
 */
const RESERVE = 0.7;

const everything = stackSchema.parse({
  ...CONFIGURATION,
  vpc: { zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'], addresses: ['eipalloc-01', 'eipalloc-02', 'eipalloc-03'] },
  domain: {
    hostName: 'changes.example.org',
    certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b',
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  },
  key: 'create',
  tags: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`tag-${at}`, 'a value of some length'])),
  permissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary',
});

/** Characters as IAM counts them: without white space, references resolved to something of their length. */
const lengthOf = (document: unknown) =>
  JSON.stringify(document, (_, value: unknown) =>
    typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::GetAtt' in value || 'Fn::Join' in value)
      ? `arn:aws:service:eu-west-1:123456789012:${readable(value)}`
      : value,
  ).length;

describe.each([
  ['as it is', CONFIGURATION],
  ['with everything that may be asked for', everything],
])('the stack %s', (_, configuration) => {
  const { resources, template } = synthesise(configuration);
  const { Resources } = template.toJSON() as { Resources: Record<string, Resource> };

  it('has less than 500 resources, with reserve', () => {
    expect(Object.keys(Resources).length).toBeLessThan(500 * RESERVE);
  });

  it('has less than 10,240 characters of inline policies for a role, and 6,144 if they were a managed one', () => {
    const policies = Object.entries(resources('AWS::IAM::Policy'));
    expect(policies.length).toBeGreaterThan(9);
    for (const [id, { Properties }] of policies) {
      expect(lengthOf(Properties.PolicyDocument), id).toBeLessThan(6_144 * RESERVE);
    }
  });

  it('has less than 6,144 characters in a managed policy', () => {
    const policies = Object.entries(resources('AWS::IAM::ManagedPolicy'));
    expect(policies.length).toBeGreaterThan(2);
    for (const [id, { Properties }] of policies) {
      expect(lengthOf(Properties.PolicyDocument), id).toBeLessThan(6_144 * RESERVE);
    }
  });

  it('has less than 4 KB of environment for a function', () => {
    for (const [id, { Properties }] of Object.entries(resources('AWS::Lambda::Function'))) {
      expect(lengthOf(Properties.Environment), id).toBeLessThan(4_096 * RESERVE);
    }
  });

  it('is less than a megabyte of template', () => {
    expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000 * RESERVE);
  });
});

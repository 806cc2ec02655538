import { describe, expect, it } from 'vitest';
import { type Resource, readable, synthesise } from './synthesise.ts';

/**
 * AWS's quotas (CloudFormation, IAM and Lambda guides) and what the stack may use of them. Tenants and sources are no input
 * of the stack, so it has one size whether there are three of them or three hundred.
 */
const RESERVE = 0.7;
const { resources, template } = synthesise();
const { Resources } = template.toJSON() as { Resources: Record<string, Resource> };

/** Characters as IAM counts them: without white space, references resolved to something of their length. */
const lengthOf = (document: unknown) =>
  JSON.stringify(document, (_, value: unknown) =>
    typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::GetAtt' in value || 'Fn::Join' in value)
      ? `arn:aws:service:eu-west-1:123456789012:${readable(value)}`
      : value,
  ).length;

describe('the stack keeps within the quotas of AWS, with reserve', () => {
  it('500 resources', () => {
    expect(Object.keys(Resources).length).toBeLessThan(500 * RESERVE);
  });

  it('10,240 characters of inline policies for a role, and 6,144 if they were a managed one', () => {
    const policies = Object.entries(resources('AWS::IAM::Policy'));
    expect(policies.length).toBeGreaterThan(9);
    for (const [id, { Properties }] of policies) {
      expect(lengthOf(Properties.PolicyDocument), id).toBeLessThan(6_144 * RESERVE);
    }
  });

  it('4 KB of environment for a function', () => {
    for (const [id, { Properties }] of Object.entries(resources('AWS::Lambda::Function'))) {
      expect(lengthOf(Properties.Environment), id).toBeLessThan(4_096 * RESERVE);
    }
  });

  it('a megabyte of template', () => {
    expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000 * RESERVE);
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type StackConfiguration, stackSchema } from '../../cdk/configuration/stack-configuration.ts';
import { createStack } from '../../cdk/stack.ts';
import { FUNCTIONS } from '../../shared/deployment/resources.ts';

export const CONFIGURATION: StackConfiguration = stackSchema.parse({
  name: 'harbour',
  region: 'eu-west-1',
  mostLanes: 7,
  schedules: { drift: 'cron(30 4 ? * MON-FRI *)', sweep: 'rate(2 minutes)' },
  alarmEmail: 'watch@example.org',
});

export type Resource = { Type: string; Properties: Record<string, unknown>; [attribute: string]: unknown };
export type Synthesised = {
  stack: Stack;
  template: Template;
  /** Resources of one type, keyed by logical id without CDK's hash. */
  resources: (type: string) => Record<string, Resource>;
  /** Properties of one of them; throws if there is none of that name. */
  propertiesOf: (type: string, id: string) => Record<string, unknown>;
  outputs: Record<string, { Value: unknown; Description: string }>;
};

/** The context of `cdk.json`, with which the command line synthesises. */
function contextOfCli(): Record<string, unknown> {
  const file = readFileSync(resolve(import.meta.dirname, '../../cdk.json'), 'utf8');
  return (JSON.parse(file) as { context: Record<string, unknown> }).context;
}

/** By configuration, because CDK validates each template for half a second. */
const known = new Map<string, Synthesised>();

/**
 * Synthesises the stack with one-line functions instead of bundles, each configuration once for all files that ask for it.
 * `prepare` gets the app before the stack is created. The created folders are removed before it returns.
 */
export function synthesise(configuration = CONFIGURATION, prepare?: (app: App) => void): Synthesised {
  if (prepare !== undefined) return synthesiseAnew(configuration, prepare);
  const key = JSON.stringify(configuration);
  const made = known.get(key) ?? synthesiseAnew(configuration);
  known.set(key, made);
  return made;
}

function synthesiseAnew(configuration: StackConfiguration, prepare: (app: App) => void = () => {}): Synthesised {
  return withBundles((bundles, outdir) => {
    const app = new App({ outdir, context: contextOfCli() });
    prepare(app);
    const stack = createStack(app, { configuration, bundles });
    const template = Template.fromStack(stack);
    const { Outputs } = template.toJSON() as { Outputs: Synthesised['outputs'] };
    const resources = (type: string) => resourcesOf(template, type);
    const propertiesOf = (type: string, id: string) => {
      const found = resources(type)[id];
      if (found === undefined) throw new Error(`no ${type} ${id}, only ${Object.keys(resources(type)).join(', ')}`);
      return found.Properties;
    };
    return { stack, template, resources, propertiesOf, outputs: Outputs };
  });
}

/** Calls `use` with a folder of one-line functions and one for the synthesis, and removes both before it returns. */
export function withBundles<T>(use: (bundles: string, outdir: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-test-'));
  try {
    for (const name of Object.keys(FUNCTIONS)) {
      mkdirSync(join(folder, 'bundles', name), { recursive: true });
      writeFileSync(join(folder, 'bundles', name, 'index.mjs'), `export const handler = async () => '${name}';\n`);
    }
    return use(join(folder, 'bundles'), join(folder, 'out'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resourcesOf(template: Template, type: string): Record<string, Resource> {
  const found = Object.entries(template.findResources(type)) as [string, Resource][];
  return Object.fromEntries(found.map(([id, resource]) => [plainId(id), resource]));
}

const plainId = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');

/** Formats CloudFormation's references as short text: `{"Fn::GetAtt": ["Ledger1A2B…", "Arn"]}` → `Ledger.Arn`. */
export function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, never>;
  if (ref !== undefined) return plainId(ref);
  if (attribute !== undefined) return `${plainId(attribute[0])}.${attribute[1]}`;
  if (join !== undefined) return (join[1] as unknown[]).map(readable).join(join[0]);
  return JSON.stringify(value);
}

export type Statement = {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: unknown;
  Principal?: unknown;
  Condition?: unknown;
};

export const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** The statements of a policy resource (`AWS::IAM::Policy`, `AWS::SQS::QueuePolicy`, …). */
export function statementsOf(policy: Resource | undefined): Statement[] {
  const { PolicyDocument } = (policy?.Properties ?? {}) as { PolicyDocument?: { Statement: Statement[] } };
  return PolicyDocument?.Statement ?? [];
}

/** Formats a policy as sorted lines `action on resource`, with the condition if there is one. */
export function permissionLines(policy: Resource | undefined): string[] {
  return statementsOf(policy)
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      listOf(Action).flatMap((action) =>
        listOf(Resource).map((resource) => {
          const within = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
          return `${Effect === 'Deny' ? 'deny ' : ''}${action} on ${readable(resource)}${within}`;
        }),
      ),
    )
    .sort();
}

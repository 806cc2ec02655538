import { describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionName } from '../../shared/deployment/resources.ts';
import { readable, statementsOf, synthesise } from './synthesise.ts';

const { resources, propertiesOf } = synthesise();
const names = Object.keys(FUNCTIONS) as FunctionName[];
const having = (field: keyof (typeof FUNCTIONS)[FunctionName] | 'queue' | 'route' | 'schedule') =>
  names.filter((name) => field in FUNCTIONS[name]);
const alias = (name: string) => `${name}FunctionAliaslive`;
const each = (type: string, field: string) =>
  Object.values(resources(type)).map(({ Properties }) => readable(Properties[field]));

describe('a release', () => {
  it.each(names)('%s: the alias live is the version of this deployment, and earlier versions are kept', (name) => {
    const { FunctionName, FunctionVersion, Name } = propertiesOf('AWS::Lambda::Alias', alias(name));
    expect([readable(FunctionName), Name]).toEqual([`${name}Function`, 'live']);
    const version = Object.entries(resources('AWS::Lambda::Version')).find(([id]) =>
      id.startsWith(`${name}FunctionCurrentVersion`),
    );
    expect(readable(FunctionVersion)).toMatch(new RegExp(`^${name}FunctionCurrentVersion\\w+\\.Version$`));
    expect(version?.[1]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('is what queues, schedules and the API call, and nothing calls a function past its alias', () => {
    expect(each('AWS::Lambda::EventSourceMapping', 'FunctionName').sort()).toEqual(having('queue').map(alias).sort());
    const starts = Object.values(resources('AWS::Scheduler::Schedule')).map(({ Properties }) =>
      readable((Properties.Target as { Arn: unknown }).Arn),
    );
    expect(starts.sort()).toEqual(having('schedule').map(alias).sort());
    expect(each('AWS::ApiGatewayV2::Integration', 'IntegrationUri')).toEqual(having('route').map(alias));
    expect(each('AWS::Lambda::Permission', 'FunctionName')).toEqual(having('route').map(alias));
  });

  it('takes the retries and the destination of failed runs with it', () => {
    for (const { Properties } of Object.values(resources('AWS::Lambda::EventInvokeConfig'))) {
      expect(readable(Properties.FunctionName)).toMatch(/^(sweep|reconcile|round)Function$/);
      expect(Properties.Qualifier).toBe('live');
    }
  });

  it('is all that a schedule may start', () => {
    for (const name of having('schedule')) {
      const one = FUNCTIONS[name];
      const schedule = 'schedule' in one ? one.schedule : name;
      const [invoke] = statementsOf(resources('AWS::IAM::Policy')[`Schedules${schedule}RoleDefaultPolicy`]);
      expect(readable(invoke?.Resource)).toBe(alias(name));
    }
  });
});

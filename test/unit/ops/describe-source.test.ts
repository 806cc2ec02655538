import { expect, it } from 'vitest';
import { describeSource } from '../../../functions/ops/commands/sources/sources-list.ts';
import { localConfiguration } from '../../../local/world/configuration/local-configuration.ts';

const ADDRESSES = { servicenow: 'http://127.0.0.1:1', jira: 'http://127.0.0.1:2', webhook: 'http://127.0.0.1:3' };

it('tells how a source proves itself, is answered and approves', () => {
  const { sources } = localConfiguration('http://127.0.0.1:9', ADDRESSES);
  const described = Object.entries(sources).map(describeSource);
  const of = (wanted: string) => described.find(({ name }) => name === wanted);
  expect(of('ops')).toEqual({ name: 'ops', system: 'zpa-changes CLI', scheme: 'standard-webhooks', grants: 1 });
  expect(of('jira-tickets')).toEqual({
    name: 'jira-tickets',
    system: 'Jira',
    scheme: 'jira',
    tickets: 'jira at 127.0.0.1:2',
    approval: 'jira-issue',
    grants: 1,
  });
  expect(of('tool-tickets')).toMatchObject({ approval: 'own gate, trustPayload' });
});

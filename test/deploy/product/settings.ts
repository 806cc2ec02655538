import { localConfiguration } from '../../../local/world/configuration/local-configuration.ts';
import { type Configuration, configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { Outside } from '../outside/outside.ts';

/** GitHub as docs/github.md sets it up. */
const GITHUB = {
  system: 'GitHub',
  scheme: 'github',
  ticketUrl: 'https://github.com/acme/zpa-requests/issues/{id}',
  mapping: {
    preset: 'jira-issue',
    each: {
      from: 'issue.body',
      transform: ['rows', { columns: ['action', 'group', 'add', 'remove', 'new_name', 'move_to'], by: ';' }],
    },
    rows: {
      ticket: { from: 'issue.number' },
      'requested by': { from: 'issue.user.login' },
      tenant: { value: 'acme-prod' },
    },
  },
  approval: {
    gate: {
      ticket: 'issue.number',
      approved: [
        { field: 'action', oneOf: ['labeled'] },
        { field: 'label.name', oneOf: ['zpa-approved'] },
        { field: 'issue.state', oneOf: ['open'] },
      ],
      withdrawn: [{ field: 'action', oneOf: ['closed'] }],
    },
    trustPayload: true,
    granted: { ref: 'issue.updated_at', by: 'sender.login', at: 'issue.updated_at' },
  },
  grants: [{ tenants: ['acme-prod'], actions: ['update'], groups: ['*'], applications: ['*'], changesPerHour: 100 }],
};

/** The configuration that is pushed as settings: the tenants are the simulator's. */
export function runtimeConfiguration(name: string, outside: Outside): Configuration {
  const { simulator, ticketSystems, asReached } = outside;
  const local = ticketSystems.answered(localConfiguration(simulator.url, ticketSystems.addresses));
  const sources = { ...local.sources, github: GITHUB };
  return configurationSchema.parse(asReached({ ...local, name, sources }));
}

/** The same configuration, in which a source has other grants. */
export function withGrants(configuration: Configuration, source: string, grants: unknown[]): Configuration {
  const { [source]: one, ...others } = configuration.sources;
  return configurationSchema.parse({ ...configuration, sources: { ...others, [source]: { ...one, grants } } });
}

/** The text of a settings file. The stack's name is no part of it. */
export function settingsText({ name: _, settingsVersion: __, ...settings }: Configuration): string {
  return JSON.stringify(settings, null, 2);
}

import { type Configuration, configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { TicketAddresses } from '../../ticket-systems/addresses.ts';
import { CUSTOMER, OTHER_CUSTOMER } from './seed.ts';
import { ticketSources } from './ticket-sources.ts';

/**
 * The local world's default configuration: one tenant of the simulator with everything in it, one of another
 * customer (a lane of its own), and three sources: two ticket systems with what they usually may, and `ops`, the CLI.
 * With ticket systems, three more sources: those whose deliveries are tickets that people file and approve.
 */
export function localConfiguration(simulatorUrl: string, addresses?: TicketAddresses): Configuration {
  const tenant = { cloud: 'PRODUCTION', auth: 'oneapi', vanity: 'simulator', endpoint: simulatorUrl } as const;
  const everything = { actions: ['create', 'update', 'delete'], groups: ['*'], applications: ['*'] } as const;
  const accepting = { ...everything, actions: [...everything.actions, 'accept'] } as const;
  return configurationSchema.parse({
    name: 'zpa-changes',
    tenants: {
      'acme-prod': { ...tenant, customerId: CUSTOMER },
      'globex-prod': { ...tenant, customerId: OTHER_CUSTOMER },
    },
    sources: {
      servicenow: {
        system: 'ServiceNow',
        ticketUrl: 'https://acme.service-now.com/nav_to.do?uri=change_request.do?sysparm_query=number={id}',
        grants: [{ ...accepting, tenants: ['acme-prod'], flags: ['leaveUngrouped'] }],
        catalog: true,
      },
      jira: {
        system: 'Jira',
        ticketUrl: 'https://acme.atlassian.net/browse/{id}',
        grants: [{ ...everything, tenants: ['acme-prod'], groups: ['Staging*', 'Development*', 'Web *'] }],
      },
      ops: {
        system: 'zpa-changes CLI',
        grants: [
          { ...accepting, tenants: ['acme-prod', 'globex-prod'], flags: ['leaveUngrouped', 'takeFromOtherGroups'] },
        ],
      },
      ...(addresses === undefined ? {} : ticketSources(addresses)),
    },
  });
}

import { Annotations } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { type Configuration, secretNames } from '../../shared/domain/configuration/configuration.ts';
import { ticketAccess } from '../../shared/domain/configuration/tickets-schema.ts';
import { acknowledge } from '../nag/acknowledge.ts';

/** ARNs of the secrets, grouped by their readers. */
export type Secrets = {
  write: string[];
  read: string[];
  sources: string[];
  catalog: string[];
  tickets: string[];
  ticketsRead: string[];
  /** Those of `tickets` that functions which only read need too, as their source has no other. */
  soleTickets: string[];
  status: string;
};

/**
 * Creates one secret per purpose, so that a policy can name exactly what a function needs. Secrets of tenants and sources
 * have no value (the L1 construct is used, because L2 generates a password), so that a missing value is reported as
 * `secret-missing` and no wrong password is sent to ZPA. A person enters the values (docs/deploy.md).
 */
export function createSecrets(stack: Construct, configuration: Configuration): Secrets {
  const { name } = configuration;
  const scope = new Construct(stack, 'Secrets');
  const tenantSecrets = (right: 'read' | 'write') =>
    Object.keys(configuration.tenants).map((tenant) => {
      const description = `ZPA API client of ${tenant} that may ${right}: {"clientId", "clientSecret" or "privateKey"}`;
      return createEmptySecret(scope, secretNames.zpa(name, tenant, right), description, ZPA_ROTATION);
    });
  const sources = Object.keys(configuration.sources).map((source) => {
    const description = `Webhook secrets of ${source}, one or two live ones, as its scheme wants them: {"secrets": ["…"]}`;
    return createEmptySecret(scope, secretNames.source(name, source), description, SOURCE_ROTATION);
  });
  const catalog = Object.entries(configuration.sources)
    .filter(([, source]) => source.catalog === true)
    .map(([source]) => {
      const description = `With what ${source} fetches its catalog, one or two live ones: {"secrets": ["…"]}`;
      return createEmptySecret(scope, secretNames.catalog(name, source), description, SOURCE_ROTATION);
    });
  const ticketSources = Object.entries(configuration.sources).flatMap(([source, { system, tickets: to }]) =>
    to === undefined ? [] : [{ source, system, access: ticketAccess(to) }],
  );
  const tickets = ticketSources.map(({ source, system, access }) => {
    const description = `What ${system} (${source}) is called with: docs/notify.md`;
    return { access, ref: createEmptySecret(scope, secretNames.tickets(name, source), description, SOURCE_ROTATION) };
  });
  for (const { source, system } of ticketSources.filter(({ access }) => access === 'one-secret')) {
    const remedy = `Set "readSecret": true in sources.${source}.tickets and give it an account that may only read.`;
    const warning = `ingest and reconcile hold a credential that can write to ${system} (${source}). ${remedy}`;
    Annotations.of(scope).addWarningV2(`zpa-changes:one-ticket-credential:${source}`, warning);
  }
  const ticketsRead = ticketSources
    .filter(({ access }) => access === 'read-secret')
    .map(({ source, system }) => {
      const description = `What tickets of ${system} (${source}) are read with: an account that may not write`;
      return createEmptySecret(scope, secretNames.ticketsRead(name, source), description, SOURCE_ROTATION);
    });
  return {
    write: tenantSecrets('write'),
    read: tenantSecrets('read'),
    sources,
    catalog,
    tickets: tickets.map(({ ref }) => ref),
    ticketsRead,
    soleTickets: tickets.filter(({ access }) => access === 'one-secret').map(({ ref }) => ref),
    status: createStatusSecret(scope, name),
  };
}

const ZPA_ROTATION =
  'ZPA API clients are rotated in the ZPA admin portal by a person; no API lets a function do it. docs/deploy.md says how.';
const SOURCE_ROTATION =
  'The ticket system holds the other half: a person changes both, with two secrets live meanwhile. docs/deploy.md says how.';
const STATUS_ROTATION =
  'Status links are derived from it: a delivery sent again after a rotation would be answered with another link.';

function createEmptySecret(scope: Construct, name: string, description: string, reason: string): string {
  const secret = new CfnSecret(scope, name, { name, description });
  acknowledge(secret, 'AwsSolutions-SMG4', reason);
  return secret.ref;
}

function createStatusSecret(scope: Construct, configurationName: string): string {
  const name = secretNames.status(configurationName);
  const secret = new CfnSecret(scope, name, {
    name,
    description: 'Key from which status links are derived; generated, nobody needs to know it',
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  });
  acknowledge(secret, 'AwsSolutions-SMG4', STATUS_ROTATION);
  return secret.ref;
}

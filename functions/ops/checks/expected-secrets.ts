import { isCatalogSecret } from '../../../shared/domain/catalog/catalog-secret.ts';
import {
  type Configuration,
  type SourceConfiguration,
  secretNames,
  type TenantConfiguration,
} from '../../../shared/domain/configuration/configuration.ts';
import type { TicketsConfiguration } from '../../../shared/domain/configuration/tickets-schema.ts';
import { parseRotatingSecret } from '../../../shared/domain/source/rotating-secret.ts';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';
import { authorization, signingSecrets } from '../../../shared/tickets/http/credentials.ts';
import { parseCredential } from '../../../shared/zpa/auth/credential.ts';

/**
 * A secret that the settings ask for. `parse` throws an error that holds nothing of the secret; without it the value is not
 * looked at, because `readBy` alone may read it.
 */
export type ExpectedSecret = { name: string } & ({ parse: (text: string) => void } | { readBy: string });

/** The secrets that the settings ask for, and the key of status links. */
export function expectedSecrets(configuration: Configuration): ExpectedSecret[] {
  const { name, tenants, sources } = configuration;
  return [
    ...Object.entries(tenants).flatMap(([tenant, settings]) => secretsOfTenant(name, tenant, settings)),
    ...Object.entries(sources).flatMap(([source, settings]) => secretsOfSource(name, source, settings)),
    { name: secretNames.status(name), readBy: 'functions' },
  ];
}

function secretsOfTenant(stack: string, tenant: string, { auth }: TenantConfiguration): ExpectedSecret[] {
  const parse = (text: string) => {
    if (parseCredential(text).form === 'private-key' && auth === 'legacy')
      throw new Error('it lacks "clientSecret", which the legacy API needs');
  };
  return [
    { name: secretNames.zpa(stack, tenant, 'read'), parse },
    { name: secretNames.zpa(stack, tenant, 'write'), readBy: 'apply' },
  ];
}

function secretsOfSource(stack: string, source: string, settings: SourceConfiguration): ExpectedSecret[] {
  const { scheme, tickets, catalog } = settings;
  return [
    { name: secretNames.source(stack, source), parse: rotating(schemeOf(scheme).isSecret) },
    ...(tickets === undefined ? [] : secretsOfTickets(stack, source, tickets)),
    ...(catalog === true ? [{ name: secretNames.catalog(stack, source), parse: rotating(isCatalogSecret) }] : []),
  ];
}

function secretsOfTickets(stack: string, source: string, { kind }: TicketsConfiguration): ExpectedSecret[] {
  const name = secretNames.tickets(stack, source);
  if (kind === 'webhook') return [{ name, parse: (text) => void signingSecrets(text) }];
  const parse = (text: string) => void authorization(kind, text);
  return [
    { name, parse },
    { name: secretNames.ticketsRead(stack, source), parse },
  ];
}

const rotating = (isSecret: (secret: string) => boolean) => (text: string) => {
  if (parseRotatingSecret(text, isSecret) === undefined)
    throw new Error('it is not {"secrets": ["…"]} in the form of its scheme (docs/sources.md)');
};

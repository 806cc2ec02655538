import { randomBytes } from 'node:crypto';
import { type Configuration, secretNames } from '../shared/domain/configuration.ts';
import { READ_CLIENT, WRITE_CLIENT } from './seed.ts';

/** A name → secret text, as Secrets Manager holds them. */
export type Secrets = Record<string, string>;

/** Every secret that the configuration asks for, made now; for the tenants the simulator's own API clients. */
export function makeSecrets(configuration: Configuration): Secrets {
  const { name } = configuration;
  const tenants = Object.keys(configuration.tenants).flatMap((tenant) => [
    [secretNames.zpa(name, tenant, 'write'), JSON.stringify(WRITE_CLIENT)],
    [secretNames.zpa(name, tenant, 'read'), JSON.stringify(READ_CLIENT)],
  ]);
  const sources = Object.keys(configuration.sources).map((source) => [
    secretNames.source(name, source),
    JSON.stringify({ secrets: [`whsec_${randomBytes(32).toString('base64')}`] }),
  ]);
  return Object.fromEntries([
    ...tenants,
    ...sources,
    [secretNames.status(name), randomBytes(32).toString('base64url')],
  ]);
}

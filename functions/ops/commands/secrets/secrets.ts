import type { Command } from 'commander';
import type { BindBareCommand } from '../../session/command.ts';
import { addSecretsList } from './secrets-list.ts';
import { addSecretsRotate } from './secrets-rotate.ts';
import { addSecretsSet } from './secrets-set.ts';

/** Adds the command `secrets`: the values that tenants and sources need. */
export function addSecrets(program: Command, bind: BindBareCommand): void {
  const secrets = program.command('secrets').summary('store, rotate and check the secrets of tenants and sources');
  addSecretsSet(secrets, bind);
  addSecretsRotate(secrets, bind);
  addSecretsList(secrets, bind);
}

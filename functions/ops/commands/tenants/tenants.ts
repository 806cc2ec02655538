import type { Command } from 'commander';
import type { BindCommand } from '../../session/command.ts';
import { addTenantsRetire } from './tenants-retire.ts';

/** Adds the command `tenants`. */
export function addTenants(program: Command, bind: BindCommand): void {
  addTenantsRetire(program.command('tenants').summary('retire a tenant'), bind);
}

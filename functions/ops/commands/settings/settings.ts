import type { Command } from 'commander';
import type { BindBareCommand } from '../../session/command.ts';
import { addSettingsCheck } from './settings-check.ts';
import { addSettingsPush } from './settings-push.ts';

/** Adds the command `settings`: tenants and sources, which are data. */
export function addSettings(program: Command, bind: BindBareCommand): void {
  const settings = program.command('settings').summary('check and push tenants and sources');
  addSettingsCheck(settings, bind);
  addSettingsPush(settings, bind);
}

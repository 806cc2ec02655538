import type { Command } from 'commander';
import type { BindBareCommand } from '../../session/command.ts';
import { addSettingsCheck } from './settings-check.ts';
import { addSettingsDiff } from './settings-diff.ts';
import { addSettingsHistory } from './settings-history.ts';
import { addSettingsPush } from './settings-push.ts';
import { addSettingsRollback } from './settings-rollback.ts';
import { addSettingsShow } from './settings-show.ts';

/** Adds the command `settings`: tenants and sources, which are data. */
export function addSettings(program: Command, bind: BindBareCommand): void {
  const settings = program.command('settings').summary('validate, compare and push the settings (tenants and sources)');
  addSettingsCheck(settings, bind);
  addSettingsDiff(settings, bind);
  addSettingsPush(settings, bind);
  addSettingsHistory(settings, bind);
  addSettingsShow(settings, bind);
  addSettingsRollback(settings, bind);
}

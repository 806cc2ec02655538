import type { Command } from 'commander';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';
import { openSettings } from '../../session/settings.ts';
import { putVersion } from './put-version.ts';
import { checkSettingsText } from './read-settings-file.ts';
import { readVersion } from './version-text.ts';

const HELP = `
No version is deleted: the earlier content becomes a new version, after the same
preview and confirmation as "settings push".
Example:
  zpa-changes settings rollback 6 --note "Globex was a mistake"`;

/** Adds the command `settings rollback`. */
export function addSettingsRollback(settings: Command, bind: BindBareCommand): void {
  settings
    .command('rollback')
    .summary('go back to an earlier version')
    .description('Pushes the content of an earlier version as the next version.')
    .argument('<version>', 'number of the version to go back to')
    .option('--note <text>', 'reason, stored with the version')
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(bind(rollback));
}

type Options = { note?: string; yes?: boolean };

const rollback: BareCommand<Options> = async (context, options, named) => {
  const target = context.findTarget();
  const { version, text: stored } = await readVersion(openSettings(target, context.processContext.env), named);
  const text = checkSettingsText(context, target, stored, `version ${version} of the settings`);
  const note = options.note ?? `back to version ${version}`;
  return putVersion(context, { act: 'settings rollback', text, note, yes: options.yes });
};

import type { Command } from 'commander';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';
import { putVersion } from './put-version.ts';
import { readSettingsFile } from './read-settings-file.ts';

const HELP = `
The file becomes the next version and replaces the newest one completely. All
functions use it within half a minute. The command shows the differences, what they
mean and which open changes are affected, and asks for confirmation; without a
terminal it needs --yes. If somebody else has pushed a version in the meantime,
nothing is pushed.
Examples:
  zpa-changes settings push settings.json --note "Globex may use groups of Web"
  zpa-changes --target .zpa-changes/zpa-changes.json settings push settings.yaml`;

/** Adds the command `settings push`. */
export function addSettingsPush(settings: Command, bind: BindBareCommand): void {
  settings
    .command('push')
    .summary('push a settings file to the target')
    .description('Validates a settings file (YAML or JSON) and pushes it as the next version.')
    .argument('<file>', 'the settings, or - for stdin')
    .option('--note <text>', 'reason, stored with the version')
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(bind(push));
}

type Options = { note?: string; yes?: boolean };

const push: BareCommand<Options> = async (context, { note, yes }, file = '-') => {
  const text = await readSettingsFile(context, context.findTarget(), file);
  return putVersion(context, { act: 'settings push', text, note, yes });
};

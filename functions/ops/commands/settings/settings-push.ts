import type { Command } from 'commander';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';
import { putVersion } from './put-version.ts';
import { readSettingsFile } from './read-settings-file.ts';

const HELP = `
The file becomes the next version, and every function works by it within half a
minute. It replaces the newest version as a whole. What differs, what that means
and which open changes it concerns is shown, and then asked; without a terminal
it needs --yes. If somebody else pushed meanwhile, nothing is pushed.
Examples:
  zpa-changes settings push settings.json --note "Globex may use groups of Web"
  zpa-changes --target .zpa-changes/zpa-changes.json settings push settings.yaml`;

/** Adds the command `settings push`. */
export function addSettingsPush(settings: Command, bind: BindBareCommand): void {
  settings
    .command('push')
    .summary('make a file the settings of the target')
    .description('Checks settings, YAML or JSON, and pushes them as the next version.')
    .argument('<file>', 'the settings, or - for stdin')
    .option('--note <text>', 'what the change is for; it stays with the version')
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(bind(push));
}

type Options = { note?: string; yes?: boolean };

const push: BareCommand<Options> = async (context, { note, yes }, file = '-') => {
  const text = await readSettingsFile(context, context.findTarget(), file);
  return putVersion(context, { act: 'settings push', text, note, yes });
};

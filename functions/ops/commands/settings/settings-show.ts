import type { Command } from 'commander';
import { parseJson } from '../../../../shared/domain/text/parse-json.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';
import { openSettings } from '../../session/settings.ts';
import { readVersion } from './version-text.ts';

const HELP = `
Prints only the settings, as they were written, so that you can save them:
  zpa-changes settings show > settings.json
  zpa-changes settings show 6`;

/** Adds the command `settings show`. */
export function addSettingsShow(settings: Command, bind: BindBareCommand): void {
  settings
    .command('show')
    .summary('print the current settings, or an earlier version')
    .description('Prints a version of the settings as JSON (default: the newest).')
    .argument('[version]', 'its number')
    .addHelpText('after', HELP)
    .action(bind(show));
}

const show: BareCommand = async ({ terminal, processContext, findTarget }, _options, version) => {
  const found = await readVersion(openSettings(findTarget(), processContext.env), version);
  const settings = parseJson(found.text);
  if (terminal.json) terminal.document({ ...found, text: undefined, settings });
  else terminal.raw(`${asLines(settings)}\n`);
  return EXIT.ok;
};

/** JSON spells out control characters, and `visible` the others that a terminal obeys. */
const asLines = (settings: unknown) =>
  JSON.stringify(settings, null, 2)
    .split('\n')
    .map((line) => visible(line, Number.POSITIVE_INFINITY))
    .join('\n');

import type { Command } from 'commander';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';
import { openSettings } from '../../session/settings.ts';
import { findDifference } from './find-difference.ts';
import { readSettingsFile } from './read-settings-file.ts';
import { isComplete, showDifference } from './show-difference.ts';
import { readNewestText, readVersion, type VersionText } from './version-text.ts';

const HELP = `
"looser": allows more than before; "tighter": allows less; "other": cannot be
decided from the settings alone. Nothing is written.
Exit code 0 even if there are differences; 4 if the affected open changes could
not all be read.
Examples:
  zpa-changes settings diff settings.json          against the newest version
  zpa-changes settings diff --from 6 --to 7`;

/** Adds the command `settings diff`. */
export function addSettingsDiff(settings: Command, bind: BindBareCommand): void {
  settings
    .command('diff')
    .summary('show what a file or a version changes')
    .description('Compares settings field by field and explains what they newly allow or forbid.')
    .argument('[file]', 'the settings, or - for stdin')
    .option('--from <version>', 'compare with this version (default: the newest)')
    .option('--to <version>', 'compare this version instead of a file')
    .addHelpText('after', HELP)
    .action(bind(diff));
}

type Options = { from?: string; to?: string };

const diff: BareCommand<Options> = async (context, { from, to }, file) => {
  const { terminal, processContext } = context;
  if ((file === undefined) === (to === undefined)) {
    const sentence = 'Nothing to compare: give a file, or a version with --to.';
    throw new OpsError(EXIT.usage, 'which-settings', sentence, 'Add one of the two.');
  }
  const target = context.findTarget();
  const store = openSettings(target, processContext.env);
  const before = from === undefined ? await readNewestText(store) : await readVersion(store, from);
  const text = file === undefined ? undefined : await readSettingsFile(context, target, file);
  const after: VersionText = text === undefined ? await readVersion(store, to) : { version: before.version + 1, text };
  const found = await findDifference({ before, after }, { target, env: processContext.env, store });
  showDifference(terminal, found);
  if (found.differences.length === 0) terminal.say(`No differences from version ${before.version}.`);
  terminal.document({ from: before.version, to: text === undefined ? after.version : null, ...found });
  return isComplete(found) ? EXIT.ok : EXIT.unreachable;
};

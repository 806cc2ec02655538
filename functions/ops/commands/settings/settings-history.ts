import type { Command } from 'commander';
import { parseJson } from '../../../../shared/domain/text/parse-json.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import type { SettingsEntry, SettingsReader, UnreadableSettings } from '../../../../shared/ports/settings-store.ts';
import { compareSettings } from '../../../../shared/settings/compare-settings.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';
import { unreadableCell } from '../../output/unreadable.ts';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';
import { findTargetSettings, openSettings } from '../../session/settings.ts';

const HELP = `
Shows the newest twenty versions. To see everything that a version changed:
  zpa-changes settings diff --from 6 --to 7`;

/** More versions than these are not listed. */
const LISTED = 20;

/** Adds the command `settings history`. */
export function addSettingsHistory(settings: Command, bind: BindBareCommand): void {
  settings
    .command('history')
    .summary('list versions: when, who, what changed')
    .description('Lists the versions of the settings, newest first.')
    .addHelpText('after', HELP)
    .action(bind(history));
}

const history: BareCommand = async ({ terminal, processContext, findTarget }) => {
  const target = findTarget();
  const store = openSettings(target, processContext.env);
  const entries = await store.list(LISTED);
  const readVersion = once((version: number) => store.readVersion(version));
  const inForce = await findTargetSettings(target, processContext.env);
  const refusals = new Map(inForce?.refused.map(({ version, why }) => [version, why]));
  const versions: Listed[] = [];
  for (const entry of entries) {
    const refused = refusals.get(entry.version);
    if ('why' in entry) versions.push(entry);
    else
      versions.push({
        ...entry,
        changed: await changedBy({ readVersion }, entry.version),
        ...(refused && { refused }),
      });
  }
  terminal.table(
    ['version', 'pushed', 'by', 'changed', 'note'],
    versions.map((one) => {
      if ('why' in one) return [String(one.version), unreadableCell(terminal), '', one.why, ''];
      const { version, pushedAt, pushedBy, changed, note = '' } = one;
      return [String(version), formatTime(pushedAt), pushedBy, inShort(changed), note];
    }),
  );
  warnRefused(terminal, versions, inForce?.configuration?.settingsVersion);
  terminal.document({ versions });
  return EXIT.ok;
};

/** `refused`: why no function can use the version. Versions before the one in use are not judged. */
type Listed = (SettingsEntry & { changed: string[] | null; refused?: string }) | UnreadableSettings;

function warnRefused(terminal: Terminal, versions: readonly Listed[], inUse: number | undefined): void {
  const instead = inUse === undefined ? 'No version can be used.' : `Version ${inUse} is in use.`;
  for (const one of versions) {
    if (!('refused' in one)) continue;
    terminal.warn(`Version ${one.version} cannot be used: ${visible(one.refused ?? '', 1000)}. ${instead}`);
  }
}

/** Reads each version once, although it is compared with the one before and the one after it. */
function once<T>(read: (version: number) => T): (version: number) => T {
  const known = new Map<number, T>();
  return (version) => {
    const answer = known.get(version) ?? read(version);
    known.set(version, answer);
    return answer;
  };
}

/** The paths that a version changed; null: it, or the one before it, cannot be read. */
async function changedBy(store: Pick<SettingsReader, 'readVersion'>, version: number): Promise<string[] | null> {
  const after = await store.readVersion(version);
  const before = version === 1 ? { text: '{"tenants":{},"sources":{}}' } : await store.readVersion(version - 1);
  if (before === undefined || after === undefined || !('text' in before) || !('text' in after)) return null;
  return compareSettings(parseJson(before.text), parseJson(after.text)).map(({ path }) => path);
}

/** More paths than these are counted. */
const SHOWN_PATHS = 3;

function inShort(changed: readonly string[] | null): string {
  if (changed === null) return 'unknown: a version cannot be read';
  const more = changed.length > SHOWN_PATHS ? ` and ${changed.length - SHOWN_PATHS} more` : '';
  return `${changed.slice(0, SHOWN_PATHS).join(', ')}${more}`;
}

import * as z from 'zod';
import { configuredName } from '../../../../../shared/domain/change/change.ts';
import type { Settings, SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../../../shared/domain/configuration/lookup.ts';
import { parseJson } from '../../../../../shared/domain/text/parse-json.ts';
import { parseSettings } from '../../../../../shared/settings/parse-settings.ts';
import { EXIT, OpsError } from '../../../output/exit-codes.ts';
import type { BareContext } from '../../../session/command.ts';
import { openSettings } from '../../../session/settings.ts';
import { offerVersion } from '../../settings/put-version.ts';
import { checkSettingsText } from '../../settings/read-settings-file.ts';
import { readNewestText, unreadableVersion, type VersionText } from '../../settings/version-text.ts';
import type { RawSource } from './build-source.ts';

const rawSettings = z.looseObject({
  sources: z.record(z.string(), z.record(z.string(), z.json())).default({}),
});

/** The newest settings: parsed, as they were written, and their version. */
export type Newest = { settings: Settings; raw: z.output<typeof rawSettings>; version: VersionText };

/** Reads the newest settings. Throws an `OpsError` if they cannot be used or have no tenant, to which tickets could lead. */
export async function readNewest({ findTarget, processContext }: BareContext): Promise<Newest> {
  const version = await readNewestText(openSettings(findTarget(), processContext.env));
  const { text } = version;
  if (text === undefined) throw unreadableVersion(version);
  const { settings } = parseSettings(text, `version ${version.version} of the settings`);
  if (Object.keys(settings.tenants).length === 0) {
    const remedy =
      'Push settings with a tenant first: zpa-changes init writes them, zpa-changes settings push sends them.';
    throw new OpsError(EXIT.failed, 'no-tenant', 'The settings have no tenant that tickets could change.', remedy);
  }
  return { settings, raw: rawSettings.parse(parseJson(text)), version };
}

/** The source of this name if it takes tickets already. Throws an `OpsError` for a name that no source can have. */
export function connectedSource(
  { settings }: Newest,
  name: string,
  commandLine: string,
): SourceConfiguration | undefined {
  const fault = configuredName.safeParse(name).error?.issues[0]?.message;
  if (fault !== undefined || name === commandLine) {
    const sentence = `"${name}" cannot be the name of a source${fault === undefined ? ', as it is the command line’s' : `: it ${fault}`}.`;
    throw new OpsError(
      EXIT.usage,
      'bad-name',
      sentence,
      'Choose a name such as servicenow; it ends the webhook’s address.',
    );
  }
  const known = lookup(settings.sources, name);
  return known?.approval === undefined ? undefined : known;
}

/**
 * Adds a source to the newest settings, or completes one that sends changes itself, whose grants stay. Shows the difference, asks,
 * and pushes. False: the answer was no. The settings are read anew, because questions and forms take a person minutes.
 */
export async function pushSource(
  context: BareContext,
  { name, built, yes }: { name: string; built: RawSource; yes: boolean },
): Promise<boolean> {
  const { raw, version } = await readNewest(context);
  const known = lookup(raw.sources, name) ?? {};
  if (known.approval !== undefined) {
    const sentence = `Somebody else connected ${name} meanwhile. Nothing was pushed.`;
    throw new OpsError(EXIT.failed, 'settings-taken', sentence, 'Run the command again: it goes on from there.');
  }
  const keeps = Array.isArray(known.grants) && known.grants.length > 0;
  if (keeps) context.terminal.warn(`${name} has grants already. They stay as they are, also where they allow more.`);
  const grants = keeps ? known.grants : built.grants;
  const sources = { ...raw.sources, [name]: { ...known, ...built, grants } };
  const file = `the settings with source ${name}`;
  const text = checkSettingsText(context, context.findTarget(), JSON.stringify({ ...raw, sources }), file);
  const note = `zpa-changes connect ${name}`;
  return (await offerVersion(context, { act: 'settings push', text, note, yes, before: version })) !== undefined;
}

import type { SettingsEntry, SettingsReader, StoredSettings } from '../../../../shared/ports/settings-store.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';

/** A version of the settings and its text; without a text, `why` tells why it cannot be read. */
export type VersionText = { version: number; text?: string; why?: string };

/** Before the first version there is nothing. */
const NO_VERSION: VersionText = { version: 0, text: '{"tenants":{},"sources":{}}' };

export async function readNewestText(store: SettingsReader): Promise<VersionText> {
  return (await store.readNewest()) ?? NO_VERSION;
}

/** Reads one version, or the newest if none is named. Throws an `OpsError` if there is none or it cannot be read. */
export async function readVersion(store: SettingsReader, named: string | undefined): Promise<StoredSettings> {
  const number = named === undefined ? undefined : parseVersion(named);
  const found = number === undefined ? await store.readNewest() : await store.readVersion(number);
  if (found === undefined) {
    const sentence = number === undefined ? 'There are no settings yet.' : `There is no version ${number}.`;
    throw new OpsError(EXIT.notFound, 'no-such-version', sentence, 'List the versions: zpa-changes settings history.');
  }
  if ('text' in found) return found;
  throw unreadableVersion(found);
}

export function unreadableVersion({ version, why = 'its item has no text' }: VersionText): OpsError {
  const sentence = `Version ${version} of the settings cannot be read: ${why}.`;
  const remedy =
    'Choose another version (zpa-changes settings history), and go back to it: zpa-changes settings rollback.';
  return new OpsError(EXIT.unreachable, 'settings-unreadable', sentence, remedy);
}

/** Tells a version by its number, by whom it was pushed, when and what for. */
export const describeVersion = ({ version, pushedBy, pushedAt, note }: SettingsEntry): string =>
  `version ${version} by ${pushedBy} at ${formatTime(pushedAt)}${note === undefined ? '' : ` (${note})`}`;

function parseVersion(named: string): number {
  if (/^[1-9]\d{0,8}$/.test(named)) return Number(named);
  const sentence = `"${named}" is not a version number.`;
  throw new OpsError(EXIT.usage, 'bad-version', sentence, 'Use a number from 1 on: zpa-changes settings history.');
}

import type { Target } from '../../../../shared/deployment/cli-target.ts';
import type { Settings } from '../../../../shared/domain/configuration/configuration.ts';
import { parseJson } from '../../../../shared/domain/text/parse-json.ts';
import type { SettingsReader } from '../../../../shared/ports/settings-store.ts';
import { compareSettings, type SettingsDifference } from '../../../../shared/settings/compare-settings.ts';
import { changedNames, explainSettings } from '../../../../shared/settings/explain/explain-settings.ts';
import type { Meaning } from '../../../../shared/settings/explain/meaning.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { findReturns, type Return } from './find-returns.ts';
import { readTouched, type Touched } from './touched-changes.ts';
import type { VersionText } from './version-text.ts';

/**
 * The differences between two texts of settings. `unexplained`: why they cannot be put into words; `returns`: what was
 * removed before.
 */
export type Difference = {
  differences: SettingsDifference[];
  meanings: Meaning[];
  unexplained?: string;
  returns: Return[];
  openChanges: Touched;
};

type Sides = { before: VersionText; after: VersionText };
type Where = { target: Target; env: Record<string, string | undefined>; store: SettingsReader };

/** Finds what differs, what that means, and which open changes it concerns. */
export async function findDifference({ before, after }: Sides, { target, env, store }: Where): Promise<Difference> {
  const differences = compareSettings(parseJson(before.text ?? '{}'), parseJson(after.text ?? '{}'));
  const returns = await findReturns(store, { before, after });
  const [former, next] = [parseVersion(before), parseVersion(after)];
  if (typeof former !== 'string' && typeof next !== 'string') {
    const names = changedNames(former, next);
    const openChanges = await readTouched(target, env, [former, next], names);
    return { differences, meanings: explainSettings(former, next), returns, openChanges };
  }
  const known = [former, next].flatMap((one) => (typeof one === 'string' ? [] : [one]));
  const names = {
    tenants: known.flatMap(({ tenants }) => Object.keys(tenants)),
    sources: known.flatMap(({ sources }) => Object.keys(sources)),
  };
  const unexplained = [former, next].filter((one) => typeof one === 'string').join(' ');
  const openChanges = await readTouched(target, env, known, names);
  return { differences, meanings: [], unexplained, returns, openChanges };
}

/** The settings, or a sentence that tells why they cannot be used. */
function parseVersion({ version, text, why = 'its item has no text' }: VersionText): Settings | string {
  if (text === undefined) return `Version ${version} cannot be read: ${why}.`;
  try {
    return parseSettings(text, `version ${version} of the settings`).settings;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import { parseJson } from '../domain/text/parse-json.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import { compareSettings, type SettingsDifference } from './compare-settings.ts';

type Push = {
  /** Checked JSON. */
  text: string;
  /** Asked only if there is something to push. */
  whoPushes: () => Promise<string>;
  now: number;
  note?: string | undefined;
};

/** `taken`: somebody else pushed this version since the newest one was read. */
export type Pushed = { kind: 'pushed' | 'same' | 'taken'; version: number; differences: SettingsDifference[] };

/**
 * Pushes settings as the version after the newest one, unless they say the same. A newest version that cannot be read counts as
 * an empty one.
 */
export async function pushSettings(
  store: Pick<SettingsStore, 'readNewest' | 'put'>,
  { text, whoPushes, now, note }: Push,
): Promise<Pushed> {
  const newest = await store.readNewest();
  const before = newest !== undefined && 'text' in newest ? parseJson(newest.text) : {};
  const differences = compareSettings(before, parseJson(text));
  if (newest !== undefined && differences.length === 0) return { kind: 'same', version: newest.version, differences };
  const version = (newest?.version ?? 0) + 1;
  const put = await store.put({ version, text, pushedAt: now, pushedBy: await whoPushes(), note });
  return { kind: put === 'taken' ? 'taken' : 'pushed', version, differences };
}

import { createHash } from 'node:crypto';
import type { SettingsStore, StoredSettings, UnreadableSettings } from '../../shared/ports/settings-store.ts';

type Version = StoredSettings | UnreadableSettings;

/** Settings in memory: same promises as the table, checked by the same contract. `corrupt` adds a version nobody can read. */
export type MemorySettings = SettingsStore & { corrupt(): number };

export function createMemorySettings(): MemorySettings {
  const versions: Version[] = [];
  return {
    readNewest: async (after = 0) => versions.slice(after).at(-1),
    readVersion: async (version) => versions[version - 1],
    list: async (limit) =>
      versions
        .toReversed()
        .slice(0, limit)
        .map((one) => {
          if (!('text' in one)) return one;
          const { text: _, ...entry } = one;
          return entry;
        }),
    async put(settings) {
      if (settings.version <= versions.length) return 'taken';
      versions.push({ ...settings, sha256: createHash('sha256').update(settings.text).digest('hex') });
      return 'written';
    },
    corrupt: () => versions.push({ version: versions.length + 1, why: 'it was spoilt' }),
  };
}

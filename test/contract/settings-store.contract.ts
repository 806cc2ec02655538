import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SettingsStore } from '../../shared/ports/settings-store.ts';

const pushed = (version: number, text = `{"tenants":{"t${version}":{}}}`) => ({
  version,
  text,
  pushedAt: 1_700_000_000_000 + version,
  pushedBy: 'arn:aws:iam::123456789012:user/kim',
});
const stored = (version: number, text?: string) => {
  const one = pushed(version, text);
  return { ...one, sha256: createHash('sha256').update(one.text).digest('hex') };
};

/** The promises to who loads and who pushes settings, of the fake and of the table; `open` answers an empty store. */
export function describeSettingsStore(name: string, open: () => Promise<SettingsStore>): void {
  describe(name, () => {
    it('has no settings at first', async () => {
      const store = await open();
      expect(await store.readNewest()).toBeUndefined();
      expect(await store.readVersion(1)).toBeUndefined();
      expect(await store.list(10)).toEqual([]);
    });

    it('answers the newest, or none where there is none above the one that is known', async () => {
      const store = await open();
      for (const version of [1, 2, 3]) expect(await store.put(pushed(version))).toBe('written');
      expect(await store.readNewest()).toEqual(stored(3));
      expect(await store.readNewest(2)).toEqual(stored(3));
      expect(await store.readNewest(3)).toBeUndefined();
      expect(await store.readVersion(2)).toEqual(stored(2));
      expect(await store.readVersion(4)).toBeUndefined();
    });

    it('is written once: of two pushes from the same version one is told that the other was first', async () => {
      const store = await open();
      await store.put(pushed(1));
      const both = await Promise.all([store.put(pushed(2, '"one"')), store.put(pushed(2, '"other"'))]);
      expect(both.toSorted()).toEqual(['taken', 'written']);
      const text = both[0] === 'written' ? '"one"' : '"other"';
      expect(await store.readNewest()).toEqual(stored(2, text));
      expect(await store.put(pushed(1, '"late"'))).toBe('taken');
      expect(await store.readVersion(1)).toEqual(stored(1));
    });

    it('lists who pushed what, newest first, as many as asked for', async () => {
      const store = await open();
      for (let version = 1; version <= 12; version += 1)
        await store.put({ ...pushed(version), note: `no. ${version}` });
      const { text: _, ...newest } = stored(12);
      const [first, ...others] = await store.list(4);
      expect(first).toEqual({ ...newest, note: 'no. 12' });
      expect(others.map(({ version }) => version)).toEqual([11, 10, 9]);
      expect(await store.list(100)).toHaveLength(12);
    });

    it('gives back any text, byte for byte', async () => {
      const store = await open();
      const text = JSON.stringify({ 'Zürich – "Straße" 😀\u0000': [1, null, { '': [] }] });
      await store.put(pushed(1, text));
      expect(await store.readNewest()).toMatchObject({ text });
    });
  });
}

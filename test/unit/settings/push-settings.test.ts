import { beforeEach, describe, expect, it } from 'vitest';
import { pushSettings } from '../../../shared/settings/push-settings.ts';
import { createMemorySettings, type MemorySettings } from '../../fakes/memory-settings.ts';

let store: MemorySettings;
beforeEach(() => {
  store = createMemorySettings();
});

const textOf = (...tenants: string[]) =>
  JSON.stringify({ tenants: Object.fromEntries(tenants.map((one) => [one, { customerId: '1' }])), sources: {} });
const by = (name: string) => ({ whoPushes: async () => name, now: 7 });

describe('pushSettings', () => {
  it('makes the first version, and each next one after the newest', async () => {
    const first = await pushSettings(store, { ...by('kim'), text: textOf('acme'), note: 'the first' });
    expect(first).toMatchObject({ kind: 'pushed', version: 1 });
    expect(await pushSettings(store, { ...by('sam'), text: textOf('acme', 'globex') })).toEqual({
      kind: 'pushed',
      version: 2,
      differences: [{ path: 'tenants.globex', after: { customerId: '1' } }],
    });
    expect(await store.list(2)).toMatchObject([
      { version: 2, pushedBy: 'sam', pushedAt: 7 },
      { version: 1, pushedBy: 'kim', note: 'the first' },
    ]);
  });

  it('pushes nothing that says the same, and asks nobody who pushes it', async () => {
    await pushSettings(store, { ...by('kim'), text: textOf('acme') });
    const whoPushes = () => Promise.reject(new Error('asked'));
    const again = await pushSettings(store, { text: `${textOf('acme')} `, whoPushes, now: 8 });
    expect(again).toEqual({ kind: 'same', version: 1, differences: [] });
  });

  it('says so if somebody else pushed since the newest version was read', async () => {
    await pushSettings(store, { ...by('kim'), text: textOf('acme') });
    const whoPushes = async () => {
      await pushSettings(store, { ...by('sam'), text: textOf('globex') });
      return 'kim';
    };
    expect(await pushSettings(store, { text: textOf('initech'), whoPushes, now: 8 })).toMatchObject({
      kind: 'taken',
      version: 2,
    });
    expect(await store.readNewest()).toMatchObject({ version: 2, pushedBy: 'sam' });
  });

  it('replaces a version that nobody can read', async () => {
    store.corrupt();
    expect(await pushSettings(store, { ...by('kim'), text: textOf('acme') })).toMatchObject({
      kind: 'pushed',
      version: 2,
    });
  });

  it('pushes empty settings where there are none yet', async () => {
    expect(await pushSettings(store, { ...by('kim'), text: '{}' })).toMatchObject({ kind: 'pushed', version: 1 });
  });
});

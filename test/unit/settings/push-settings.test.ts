import { beforeEach, describe, expect, it } from 'vitest';
import { pushSettings } from '../../../shared/settings/push-settings.ts';
import { createMemorySettings, type MemorySettings } from '../../fakes/memory-settings.ts';

let store: MemorySettings;
beforeEach(() => {
  store = createMemorySettings();
});

const by = (pushedBy: string) => ({ pushedBy, now: 7, text: '{}' });

describe('pushSettings', () => {
  it('makes the first version, and each next one after the one that the pusher knows', async () => {
    expect(await pushSettings(store, { ...by('kim'), after: 0, note: 'the first' })).toEqual({
      kind: 'pushed',
      version: 1,
    });
    expect(await pushSettings(store, { ...by('sam'), after: 1 })).toEqual({ kind: 'pushed', version: 2 });
    expect(await store.list(2)).toMatchObject([
      { version: 2, pushedBy: 'sam', pushedAt: 7 },
      { version: 1, pushedBy: 'kim', note: 'the first' },
    ]);
  });

  it('replaces nothing that others pushed meanwhile, and tells by whom', async () => {
    await pushSettings(store, { ...by('kim'), after: 0 });
    await pushSettings(store, { ...by('sam'), after: 1, note: 'hurry' });
    await pushSettings(store, { ...by('ada'), after: 2 });
    expect(await pushSettings(store, { ...by('kim'), after: 1 })).toMatchObject({
      kind: 'taken',
      meanwhile: [
        { version: 3, pushedBy: 'ada' },
        { version: 2, pushedBy: 'sam', note: 'hurry' },
      ],
    });
    expect(await store.readNewest()).toMatchObject({ version: 3, pushedBy: 'ada' });
  });
});

import { describe, expect, it } from 'vitest';
import { findReturns } from '../../../functions/ops/commands/settings/find-returns.ts';
import { readNewestText } from '../../../functions/ops/commands/settings/version-text.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { createMemorySettings } from '../../fakes/memory-settings.ts';

const text = (tenants: string[], sources: string[] = []) =>
  JSON.stringify({
    tenants: Object.fromEntries(tenants.map((name) => [name, {}])),
    sources: Object.fromEntries(sources.map((name) => [name, {}])),
  });

/** `unreadable`: an item that nobody can read. */
async function versions(...texts: string[]) {
  const store = createMemorySettings();
  for (const [index, one] of texts.entries()) {
    if (one === 'unreadable') store.corrupt();
    else
      await store.put({ version: index + 1, text: one, pushedAt: TEST_START, pushedBy: 'lena', note: `n${index + 1}` });
  }
  return store;
}
const returnsTo = async (store: Awaited<ReturnType<typeof versions>>, after: string) =>
  findReturns(store, { before: await readNewestText(store), after: { version: 0, text: after } });

describe('what an edit adds', () => {
  it('is brought back if an earlier version had it: by the last one that did', async () => {
    const store = await versions(
      text(['a', 'b'], ['s']),
      text(['b'], ['s']),
      text(['a', 'b'], ['s']),
      text(['b']),
      text(['b']),
    );
    expect(await returnsTo(store, text(['a', 'b', 'new'], ['s', 'b']))).toEqual([
      { kind: 'tenant', name: 'a', removed: expect.stringMatching(/^version 4 by lena at \S+Z \(n4\)$/) },
      { kind: 'source', name: 's', removed: expect.stringMatching(/^version 4 /) },
    ]);
    expect(await returnsTo(store, text(['b']))).toEqual([]);
  });

  it('is told past a version that cannot be read, and not where the newest one cannot', async () => {
    const store = await versions(text(['a']), 'unreadable', text([]));
    expect(await returnsTo(store, text(['a']))).toEqual([
      { kind: 'tenant', name: 'a', removed: 'version 2, which cannot be read, or later' },
    ]);
    expect(await returnsTo(await versions(text(['a']), 'unreadable'), text(['a']))).toEqual([]);
    expect(await returnsTo(createMemorySettings(), text(['a']))).toEqual([]);
  });
});

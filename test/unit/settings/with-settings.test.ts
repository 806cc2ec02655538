import { beforeEach, describe, expect, it } from 'vitest';
import type { SettingsStore } from '../../../shared/ports/settings-store.ts';
import { type WithSettings, withSettings } from '../../../shared/settings/with-settings.ts';
import { createFakeClock, type FakeClock } from '../../fakes/fake-clock.ts';
import { createMemorySettings, type MemorySettings } from '../../fakes/memory-settings.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';

type Options = WithSettings<[string], string>;

let store: MemorySettings;
let clock: FakeClock;
let log: ReturnType<typeof createRecordingLog>;
let meter: ReturnType<typeof createRecordingMeter> & { flush(): void; flushed: number };
/** The calls of the store. */
let calls: string[];
let closed: string[];

beforeEach(() => {
  store = createMemorySettings();
  clock = createFakeClock(undefined, { auto: false });
  log = createRecordingLog();
  const flush = () => {
    meter.flushed += 1;
  };
  meter = Object.assign(createRecordingMeter(), { flushed: 0, flush });
  calls = [];
  closed = [];
});

const settingsOf = (tenant: string, over: object = {}) =>
  JSON.stringify({ tenants: { [tenant]: { customerId: '1', auth: 'legacy', ...over } }, sources: {} });

async function push(text: string): Promise<void> {
  const version = ((await store.readNewest())?.version ?? 0) + 1;
  await store.put({ version, text, pushedAt: 1, pushedBy: 'local' });
}

/** A function that answers what it is given and the tenant it works for. */
function start(over: Partial<Options> = {}): (text: string) => Promise<string> {
  const counted: Options['store'] = {
    readNewest: (after) => {
      calls.push(`newest above ${after}`);
      return store.readNewest(after);
    },
    readVersion: (version) => {
      calls.push(`version ${version}`);
      return store.readVersion(version);
    },
  };
  return withSettings<[string], string>({
    store: counted,
    stack: { STACK_NAME: 'harbour' },
    clock,
    log,
    meter,
    compose: ({ name, tenants, settingsVersion }) => {
      const tenant = Object.keys(tenants).join();
      return {
        handle: async (text) => `${text} ${name} ${tenant} v${settingsVersion}`,
        close: async () => void closed.push(tenant),
      };
    },
    ...over,
  });
}

describe('the first invocation', () => {
  it('loads the newest settings; those after it ask nothing', async () => {
    await push(settingsOf('acme'));
    await push(settingsOf('globex'));
    const handle = start();
    expect(calls).toEqual([]);
    expect(await Promise.all([handle('a'), handle('b')])).toEqual(['a harbour globex v2', 'b harbour globex v2']);
    await clock.advance(29_999);
    expect(await handle('c')).toBe('c harbour globex v2');
    expect(calls).toEqual(['newest above 0']);
  });

  it('fails without settings, with the remedy, and loads those that are pushed then', async () => {
    const handle = start();
    await expect(handle('a')).rejects.toMatchObject({
      code: 'no-settings',
      message: expect.stringContaining('zpa-changes settings push'),
    });
    await push(settingsOf('acme'));
    expect(await handle('b')).toBe('b harbour acme v1');
  });

  it('answers a caller who waits, if there is an answer for that; what the function itself throws is no such case', async () => {
    const handle = start({ unavailable: () => '503' });
    expect(await handle('a')).toBe('503');
    expect(log.lines).toMatchObject([{ level: 'error', fields: { error: { code: 'no-settings' } } }]);
    await push(settingsOf('acme'));
    const failing = start({
      unavailable: () => '503',
      compose: () => ({ handle: () => Promise.reject(new Error('its own')) }),
    });
    await expect(failing('b')).rejects.toThrow('its own');
  });

  it('goes back to the newest version that can be used', async () => {
    await push(settingsOf('acme'));
    await push(settingsOf('globex', { colour: 'red' }));
    await push('{"tenants": ');
    store.corrupt();
    expect(await start()('a')).toBe('a harbour acme v1');
    expect(calls).toEqual(['newest above 0', 'version 3', 'version 2', 'version 1']);
    expect(meter.total('SettingsRefused')).toBe(1);
    const refused = log.lines.filter(({ level }) => level === 'error');
    expect(refused.map(({ fields }) => fields.version)).toEqual([4, 3, 2]);
    expect(log.text()).toContain('tenants.globex.colour');
  });

  it('fails if no version can be used, and counts that too', async () => {
    await push('{}');
    const handle = start();
    await expect(handle('a')).rejects.toMatchObject({ code: 'settings-refused' });
    await expect(handle('b')).rejects.toMatchObject({ code: 'settings-refused' });
    expect(meter.total('SettingsRefused')).toBe(2);
    expect(meter.flushed).toBe(2);
  });

  it('does not take settings for bad ones where the table cannot be read', async () => {
    await push(settingsOf('acme'));
    await push('{}');
    const unavailable = Object.assign(new Error('throttled'), { code: 'settings-unavailable' });
    const unread: Pick<SettingsStore, 'readNewest' | 'readVersion'> = {
      readNewest: store.readNewest,
      readVersion: () => Promise.reject(unavailable),
    };
    await expect(start({ store: unread })('a')).rejects.toBe(unavailable);
  });

  it('refuses settings that would send credentials to an address of their own, except in a local world or a trial', async () => {
    await push(settingsOf('acme', { endpoint: 'http://127.0.0.1:9' }));
    await expect(start()('a')).rejects.toMatchObject({ code: 'settings-refused' });
    expect(log.text()).toContain('tenants.acme.endpoint');
    const local = { STACK_NAME: 'harbour', AWS_ENDPOINT_URL: 'http://127.0.0.1:8' };
    expect(await start({ stack: local })('b')).toBe('b harbour acme v1');
    const trial = { STACK_NAME: 'harbour', SIMULATED_ZPA: 'true' };
    expect(await start({ stack: trial })('c')).toBe('c harbour acme v1');
  });
});

describe('a later invocation', () => {
  it('looks every half minute for a newer version, and works by it at once', async () => {
    await push(settingsOf('acme'));
    const handle = start();
    await handle('a');
    await push(settingsOf('globex'));
    await clock.advance(30_000);
    expect(await handle('b')).toBe('b harbour globex v2');
    await clock.advance(30_000);
    expect(await handle('c')).toBe('c harbour globex v2');
    expect(calls).toEqual(['newest above 0', 'newest above 1', 'newest above 2']);
  });

  it('looks more often where time runs faster', async () => {
    await push(settingsOf('acme'));
    const handle = start({ stack: { STACK_NAME: 'harbour', TIME_FACTOR: 100 } });
    await handle('a');
    await push(settingsOf('globex'));
    await clock.advance(300);
    expect(await handle('b')).toBe('b harbour globex v2');
  });

  it('looks at each invocation where it works on what others accepted', async () => {
    await push(settingsOf('acme'));
    const handle = start({ lookEveryMs: 0 });
    await handle('a');
    await push(settingsOf('globex'));
    expect(await handle('b')).toBe('b harbour globex v2');
    expect(await handle('c')).toBe('c harbour globex v2');
    expect(calls).toEqual(['newest above 0', 'newest above 1', 'newest above 2']);
  });

  it('goes on by the last good version beside a bad one, which it reads once and counts at each look', async () => {
    await push(settingsOf('acme'));
    const handle = start();
    await handle('a');
    await push('{}');
    for (const text of ['b', 'c']) {
      await clock.advance(30_000);
      expect(await handle(text)).toBe(`${text} harbour acme v1`);
    }
    expect(calls).toEqual(['newest above 0', 'newest above 1', 'newest above 2']);
    expect(meter.total('SettingsRefused')).toBe(2);
    await push(settingsOf('globex'));
    await clock.advance(30_000);
    expect(await handle('d')).toBe('d harbour globex v3');
    expect(meter.total('SettingsRefused')).toBe(2);
  });

  it('takes a good version between the loaded and a bad one, as a function would that starts now', async () => {
    await push(settingsOf('acme'));
    const handle = start();
    await handle('a');
    await push(settingsOf('globex'));
    await push('{}');
    await clock.advance(30_000);
    expect(await handle('b')).toBe('b harbour globex v2');
    expect(await start()('b')).toBe('b harbour globex v2');
  });

  it('goes on by the loaded version if the table cannot be read, and looks again', async () => {
    await push(settingsOf('acme'));
    let isDown = false;
    const handle = start({
      store: {
        ...store,
        readNewest: (after) => (isDown ? Promise.reject(new Error('down')) : store.readNewest(after)),
      },
    });
    await handle('a');
    await push(settingsOf('globex'));
    isDown = true;
    await clock.advance(30_000);
    expect(await handle('b')).toBe('b harbour acme v1');
    expect(log.text()).toContain('down');
    isDown = false;
    await clock.advance(30_000);
    expect(await handle('c')).toBe('c harbour globex v2');
  });

  it('keeps the version it began with; the old composition is closed when its last invocation has ended', async () => {
    await push(settingsOf('acme'));
    const [held, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const waits: Record<string, Promise<void>> = { a: held.promise, b: other.promise };
    const handle = start({
      compose: ({ tenants }) => {
        const tenant = Object.keys(tenants).join();
        return {
          handle: async (text) => {
            await waits[text];
            return `${text} ${tenant}`;
          },
          close: async () => void closed.push(tenant),
        };
      },
    });
    const [a, b] = [handle('a'), handle('b')];
    await clock.advance(0);
    await push(settingsOf('globex'));
    await clock.advance(30_000);
    expect(await handle('c')).toBe('c globex');
    held.resolve();
    expect(await a).toBe('a acme');
    expect(closed).toEqual([]);
    other.resolve();
    expect(await b).toBe('b acme');
    expect(closed).toEqual(['acme']);
  });

  it('closes an idle composition as soon as it is replaced; a failure of that is only logged', async () => {
    await push(settingsOf('acme'));
    const handle = start({
      compose: () => ({ handle: async (text) => text, close: () => Promise.reject(new Error('stuck')) }),
    });
    await handle('a');
    await push(settingsOf('globex'));
    await clock.advance(30_000);
    expect(await handle('b')).toBe('b');
    await clock.advance(0);
    expect(log.text()).toContain('stuck');
  });
});

import { expect, it } from 'vitest';
import type { KnownLanes } from '../../shared/ports/known-lanes.ts';
import { ABSENT } from '../../shared/ports/ports.ts';

/** The promises to the sweeper, of the fake and of the table; `open` answers where nothing was written yet. */
export function describeKnownLanes(name: string, open: () => KnownLanes): void {
  it(`${name}: none at first, then what was written last, if it was written on what was read`, async () => {
    const known = open();
    const [one, two] = [
      { tenant: 'acme', lane: 'BETA:1' },
      { tenant: 'acme', lane: 'BETA:2' },
    ];
    expect(await known.read()).toEqual({ version: 0, lanes: [] });
    expect(await known.write({ version: 0, lanes: [one] }, ABSENT)).toEqual({ written: true });
    const found = { version: 1, lanes: [one] };
    expect(await known.read()).toEqual(found);
    expect(await known.write({ version: 0, lanes: [two] }, ABSENT)).toEqual({ written: false, found });
    const sources = [{ source: 'desk', system: 'Desk' }];
    expect(await known.write({ ...found, lanes: [one, two], sources }, 1)).toEqual({ written: true });
    expect(await known.read()).toEqual({ version: 2, lanes: [one, two], sources });
  });
}

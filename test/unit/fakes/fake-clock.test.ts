import { describe, expect, it } from 'vitest';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { createFakeClock, TEST_START } from '../../fakes/fake-clock.ts';

describe('the fake clock', () => {
  it('jumps from sleeper to sleeper by itself', async () => {
    const clock = createFakeClock();
    const woken: [string, number][] = [];
    const sleeper = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push([name, clock.now() - TEST_START]);
    };
    await Promise.all([sleeper('c', 3_600_000), sleeper('a', 10), sleeper('b', 20).then(() => sleeper('b2', 5))]);
    expect(woken).toEqual([
      ['a', 10],
      ['b', 20],
      ['b2', 25],
      ['c', 3_600_000],
    ]);
  });

  it('stands still with auto off until it is advanced, and then wakes in order', async () => {
    const clock = createFakeClock(1000, { auto: false });
    const woken: number[] = [];
    const loop = (async () => {
      for (let turn = 0; turn < 3; turn++) {
        await clock.sleep(10);
        woken.push(clock.now());
      }
    })();
    await clock.advance(9);
    expect(woken).toEqual([]);
    await clock.advance(11);
    expect(woken).toEqual([1010, 1020]);
    expect(clock.sleeping).toBe(1);
    await clock.advance(100);
    await loop;
    expect(woken).toEqual([1010, 1020, 1030]);
    expect(clock.now()).toBe(1120);
    expect(clock.slept).toEqual([10, 10, 10]);
  });

  it('wakes a sleeper with the reason of its signal, without time passing', async () => {
    const clock = createFakeClock(0, { auto: false });
    const controller = new AbortController();
    const sleeping = clock.sleep(10, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(clock.sleep(10, controller.signal)).rejects.toThrow('enough');
    expect([clock.now(), clock.sleeping]).toEqual([0, 0]);
  });
});

describe('fake chance', () => {
  it('repeats itself for one seed and differs for another', () => {
    const draw = (seed: number) => {
      const chance = createFakeChance(seed);
      return [chance.id(), chance.id(), chance.random(), chance.random()];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(new Set([...draw(7), ...draw(8)]).size).toBe(8);
    const chance = createFakeChance(3);
    for (let i = 0; i < 1000; i++) {
      const number = chance.random();
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(1);
    }
  });
});

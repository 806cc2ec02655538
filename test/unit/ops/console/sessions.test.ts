import { describe, expect, it } from 'vitest';
import { createSessions } from '../../../../functions/ops/console/server/sessions.ts';
import type { OpsSession } from '../../../../functions/ops/session/compose.ts';

/** Sessions with a number each, that tell when they are disposed of. */
function scene() {
  const state = { now: 0, opened: 0, disposed: [] as number[], fails: false };
  const open = async () => {
    if (state.fails) throw new Error('no settings');
    const number = ++state.opened;
    const dispose = async () => void state.disposed.push(number);
    return { number, [Symbol.asyncDispose]: dispose } as unknown as OpsSession;
  };
  const sessions = createSessions(open, () => state.now);
  const number = () => sessions.lend(async (session) => (session as unknown as { number: number }).number);
  return { state, sessions, number };
}

describe('the sessions of a console', () => {
  it('are one for requests of half a minute, and then another one with newer settings', async () => {
    const { state, number } = scene();
    expect(await Promise.all([number(), number()])).toEqual([1, 1]);
    state.now = 30_000;
    expect(await number()).toBe(1);
    state.now = 30_001;
    expect(await number()).toBe(2);
    expect(state.disposed).toEqual([1]);
  });

  it('outlive the requests that use them', async () => {
    const { state, sessions, number } = scene();
    const held = Promise.withResolvers<void>();
    const long = sessions.lend(() => held.promise);
    await number();
    state.now = 60_000;
    expect(await number()).toBe(2);
    expect(state.disposed).toEqual([]);
    held.resolve();
    await long;
    expect(state.disposed).toEqual([1]);
    await sessions[Symbol.asyncDispose]();
    expect(state.disposed).toEqual([1, 2]);
  });

  it('are tried anew by the next request where settings could not be read', async () => {
    const { state, number } = scene();
    state.fails = true;
    await expect(number()).rejects.toThrow('no settings');
    state.fails = false;
    expect(await number()).toBe(1);
  });
});

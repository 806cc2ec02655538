import type { OpsSession } from '../../session/compose.ts';

/** Age after which the next request gets a new session, with the settings that were pushed meanwhile. */
const RENEW_AFTER_MS = 30_000;

/** Lends one session to many requests at a time. */
export type Sessions = {
  lend<T>(use: (session: OpsSession) => Promise<T>): Promise<T>;
  [Symbol.asyncDispose](): Promise<void>;
};

type Held = { session: Promise<OpsSession>; since: number; users: number; retired: boolean };

/** Keeps the session that `open` composes, and disposes of an older one when its last request has ended. */
export function createSessions(open: () => Promise<OpsSession>, now: () => number): Sessions {
  let held: Held | undefined;

  const retire = async (one: Held) => {
    one.retired = true;
    if (held === one) held = undefined;
    if (one.users === 0) await dispose(one);
  };
  /** The session of the next request, which counts as its user at once, so that nobody disposes of it in between. */
  const take = (): { one: Held; outdated: Held | undefined } => {
    const outdated = held !== undefined && now() - held.since > RENEW_AFTER_MS ? held : undefined;
    if (outdated !== undefined) held = undefined;
    held ??= { session: open(), since: now(), users: 0, retired: false };
    held.users++;
    return { one: held, outdated };
  };

  return {
    async lend(use) {
      const { one, outdated } = take();
      try {
        if (outdated !== undefined) await retire(outdated);
        return await use(await one.session);
      } catch (error) {
        // A session that could not be composed is composed anew by the next request.
        if (await hasFailed(one.session)) await retire(one);
        throw error;
      } finally {
        one.users--;
        if (one.retired && one.users === 0) await dispose(one);
      }
    },
    async [Symbol.asyncDispose]() {
      if (held !== undefined) await retire(held);
    },
  };
}

async function dispose({ session }: Held): Promise<void> {
  const opened = await session.catch(() => undefined);
  await opened?.[Symbol.asyncDispose]();
}

const hasFailed = (session: Promise<OpsSession>) =>
  session.then(
    () => false,
    () => true,
  );

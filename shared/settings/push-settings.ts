import type { SettingsEntry, SettingsStore } from '../ports/settings-store.ts';

type Push = {
  /** Checked JSON. */
  text: string;
  /** The newest version that the pusher knows; 0: there is none. */
  after: number;
  pushedBy: string;
  now: number;
  note?: string | undefined;
};

/** `taken`: versions were pushed above the one that the pusher knew; `meanwhile` says by whom, newest first. */
export type Pushed = { kind: 'pushed'; version: number } | { kind: 'taken'; meanwhile: SettingsEntry[] };

/** At most this many of the versions that others pushed are told. */
const TOLD = 20;

/** Pushes settings as the version after the one that the pusher knows; nothing if there is a newer one. */
export async function pushSettings(
  store: Pick<SettingsStore, 'list' | 'put'>,
  { text, after, pushedBy, now, note }: Push,
): Promise<Pushed> {
  const version = after + 1;
  const put = await store.put({ version, text, pushedAt: now, pushedBy, note });
  if (put !== 'taken') return { kind: 'pushed', version };
  const newest = await store.list(TOLD);
  return {
    kind: 'taken',
    meanwhile: newest.filter((one): one is SettingsEntry => 'pushedBy' in one && one.version > after),
  };
}

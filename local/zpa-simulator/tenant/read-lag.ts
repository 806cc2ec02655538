import type { Effect } from './documents.ts';
import { type Shelves, type TenantView, viewOf } from './shelves.ts';

/** The sorts of read that may come from different replicas; `search`: for groups. */
export const READ_KINDS = ['group', 'groups', 'search', 'application', 'applications', 'rule', 'rules'] as const;
export type ReadKind = (typeof READ_KINDS)[number];
type OneKind = Extract<ReadKind, 'group' | 'application' | 'rule'>;

/** A read of one object by its id, or of a list. */
export type Read = { kind: OneKind; id: string } | { kind: Exclude<ReadKind, OneKind> };

export type LagSettings = {
  /** So many reads of an object after a write to it still see what was before; 0: none. */
  reads: number;
  kinds: readonly ReadKind[];
  /**
   * `steady`: the old reads come first. `backwards`: new and old reads alternate, so that a later read is older than an
   * earlier one. `drawn`: chance decides which objects lag, and which of their reads are the old ones.
   */
  order: 'steady' | 'backwards' | 'drawn';
};

/**
 * Replicas that lag behind the writes. Each object lags by itself and for each kind of read by itself: a group that was
 * read by its id is new while the list still shows the old one. A group's membership belongs to it where the group is
 * read by its id; in a list it belongs to the application, which is in one group at most in every single answer.
 */
export type ReadLag = {
  isOn(): boolean;
  /** `before`: the documents as they were before the write with these effects. */
  wrote(customerId: string, before: Shelves, effects: readonly Effect[]): void;
  view(customerId: string, shelves: Shelves, read: Read): TenantView;
  /** Ids of the only objects that lag from the next write on; undefined: all. */
  only(ids: readonly string[] | undefined): void;
  /** Everything is up to date again. */
  forget(): void;
};

export const noReadLag: ReadLag = {
  isOn: () => false,
  wrote: () => undefined,
  view: viewOf,
  only: () => undefined,
  forget: () => undefined,
};

/** The state before the oldest write that a kind of read has not seen of an object. */
type Past = { shelves: Shelves; left: number; turn: number; order: LagSettings['order']; until: number };

/** No replica is further behind: one that lags for longer is what nobody can tell from edits that were taken back. */
const LONGEST_LAG_MS = 60_000;

/** `random`: 0 to below 1; the same numbers give the same reads. */
export function createReadLag(settings: () => LagSettings, random: () => number, nowMs: () => number): ReadLag {
  const pasts = new Map<string, Map<string, Past>>();
  let onlyIds: readonly string[] | undefined;
  const wrote: ReadLag['wrote'] = (customerId, before, effects) => {
    const { reads, kinds, order } = settings();
    for (const subject of subjectsOf(effects)) {
      if (onlyIds?.some((id) => subject.endsWith(` ${id}`)) === false) continue;
      for (const kind of kinds) {
        if (order === 'drawn' && random() < 0.5) continue;
        const lagging = pasts.get(`${customerId} ${kind}`) ?? new Map<string, Past>();
        const shelves = lagging.get(subject)?.shelves ?? before;
        const until = nowMs() + LONGEST_LAG_MS;
        pasts.set(`${customerId} ${kind}`, lagging.set(subject, { shelves, left: reads, turn: 0, order, until }));
      }
    }
  };
  const isOld = (past: Past): boolean => {
    past.turn += 1;
    const old = { steady: () => true, backwards: () => past.turn % 2 === 0, drawn: () => random() < 0.5 }[past.order]();
    if (old) past.left -= 1;
    return old;
  };
  /** The age of what this read sees, by subject; a subject that was seen often enough is up to date from then on. */
  const oldOf = (lagging: Map<string, Past>, subjects: Iterable<string>): Map<string, Shelves> => {
    const old = new Map<string, Shelves>();
    for (const subject of subjects) {
      const past = lagging.get(subject);
      if (past === undefined) continue;
      if (nowMs() > past.until) past.left = 0;
      else if (isOld(past)) old.set(subject, past.shelves);
      if (past.left <= 0) lagging.delete(subject);
    }
    return old;
  };
  return {
    isOn: () => settings().reads > 0,
    wrote,
    view: (customerId, shelves, read) => {
      const lagging = pasts.get(`${customerId} ${read.kind}`) ?? new Map<string, Past>();
      if (!('id' in read)) return mixedView(customerId, shelves, oldOf(lagging, [...lagging.keys()]));
      const subject = `${read.kind} ${read.id}`;
      return viewOf(customerId, oldOf(lagging, [subject]).get(subject) ?? shelves);
    },
    only: (ids) => {
      onlyIds = ids;
    },
    forget: () => pasts.clear(),
  };
}

/** The objects that a write changed, as `kind id`; a group is changed by what joins or leaves it. */
function subjectsOf(effects: readonly Effect[]): Set<string> {
  const ofEffect = (effect: Effect): string[] => {
    const own = `${effect.kind} ${effect.id}`;
    if (effect.kind !== 'application') return [own];
    const homes = [effect.before?.segmentGroupId, effect.after?.segmentGroupId];
    return [own, ...homes.flatMap((id) => (id === undefined ? [] : [`group ${id}`]))];
  };
  return new Set(effects.flatMap(ofEffect));
}

/** Each document as it was in the past that `old` holds of it, all others as they are. */
function mixedView(customerId: string, shelves: Shelves, old: ReadonlyMap<string, Shelves>): TenantView {
  const get: TenantView['get'] = (kind, id) => (old.get(`${kind} ${id}`) ?? shelves)[kind].get(id);
  return {
    customerId,
    get,
    all: (kind) => {
      const start = `${kind} `;
      const past = [...old.keys()].filter((one) => one.startsWith(start)).map((one) => one.slice(start.length));
      return [...new Set([...shelves[kind].keys(), ...past])].flatMap((id) => get(kind, id) ?? []);
    },
  };
}

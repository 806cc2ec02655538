import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { createMemoryTenant, type MemoryTenant } from '../../fakes/memory-zpa.ts';
import type { Chronicle } from './chronicle.ts';
import type { History, ReadKind } from './history.ts';
import type { Life } from './life.ts';

/** Later than this an unanswered write takes effect in the quiet period, which no replica may lengthen. */
const LATE_MS = 40_000;

type Stage = {
  history: History;
  tenant: MemoryTenant;
  chronicle: Chronicle;
  clock: { now(): number };
  random: () => number;
  start: number;
};

/**
 * Replicas of ZPA that lag, each kind of read by itself, and only every other read: what one read shows, the next may not
 * show yet. A replica hides the own writes of the worker, and console edits that the worker has been shown; an edit that nobody
 * has seen cannot be recognised as hidden, so no replica hides it.
 */
export function createReplicas({ history, tenant, chronicle, clock, random, start }: Stage) {
  const versions: { at: number; groups: Map<string, SegmentGroup> }[] = [];
  /** When the newest state was made that a read of each group has shown, to workers that ended well. */
  const shown = new Map<string, number>();
  const shownTo = new Map<Life, Map<string, number>>();
  const past = createMemoryTenant(clock);

  const shownAt = (life: Life, id: string) => Math.max(shown.get(id) ?? 0, shownTo.get(life)?.get(id) ?? 0);

  /** The instant before which a read must not show the tenant. */
  function earliest(kind: ReadKind, id: string, life: Life): number {
    const edits = chronicle.edits.filter(
      ({ at, left }) => kind !== 'group' || (left.has(id) && shownAt(life, id) < at),
    );
    const late = chronicle.effects.filter(({ at, sentAt }) => at - sentAt > LATE_MS);
    return Math.max(start, ...[...edits, ...late].map(({ at }) => at));
  }

  function stateAt(at: number): Map<string, SegmentGroup> {
    return (versions.findLast((one) => one.at <= at) ?? versions[0])?.groups ?? tenant.groups;
  }

  return {
    /** Keeps the tenant as it is now; called after each edit and write. */
    keep() {
      versions.push({ at: clock.now(), groups: structuredClone(tenant.groups) });
    },
    /** The tenant that answers this read. */
    tenantFor(kind: ReadKind, id: string, life: Life): MemoryTenant {
      const now = clock.now();
      const lag = history.lags.find(
        ({ of, atMs, forMs }) => of === kind && start + atMs <= now && now < start + atMs + forMs,
      );
      const at = lag === undefined || random() < 0.5 ? now : Math.max(now - lag.lagMs, earliest(kind, id, life));
      if (kind === 'group')
        shownTo.set(life, (shownTo.get(life) ?? new Map<string, number>()).set(id, Math.max(at, shownAt(life, id))));
      const state = stateAt(at);
      if (state === versions.at(-1)?.groups) return tenant;
      chronicle.olderReads += 1;
      past.groups = structuredClone(state);
      past.applications = tenant.applications;
      return past;
    },
    /** This worker ended well, so the lane item holds what it was shown. */
    ended(life: Life) {
      for (const [id, at] of shownTo.get(life) ?? []) shown.set(id, Math.max(at, shown.get(id) ?? 0));
    },
  };
}

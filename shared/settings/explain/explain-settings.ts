import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '../../domain/configuration/configuration.ts';
import { lookup } from '../../domain/configuration/lookup.ts';
import { explainGrants } from './explain-grants.ts';
import { explainSource } from './explain-source.ts';
import { explainTenant } from './explain-tenant.ts';
import { looser, type Meaning, type Said, tighter } from './meaning.ts';

/** Names of the tenants and sources that two settings say different things about. */
export type ChangedNames = { tenants: string[]; sources: string[] };

/**
 * States in plain words what differs between two settings, defaults included: what may happen more, less, or otherwise.
 */
export function explainSettings(before: Settings, after: Settings): Meaning[] {
  const { tenants, sources } = changedNames(before, after);
  return [
    ...tenants.flatMap((name) => {
      const one = `tenants.${name}`;
      return named(`Tenant "${name}"`, one, lookup(before.tenants, name), lookup(after.tenants, name), {
        added: [looser('is added')],
        removed: [tighter('is removed: its open changes are rejected as not-permitted, and cannot be retried')],
        changed: explainTenant,
      });
    }),
    ...sources.flatMap((name) => {
      const one = `sources.${name}`;
      const next = lookup(after.sources, name);
      const granted = next === undefined || next.grants.length === 0 ? [] : explainGrants([], next.grants);
      return named(`Source "${name}"`, one, lookup(before.sources, name), next, {
        added: [looser(granted.length === 0 ? 'is added, without any grant' : 'is added'), ...granted],
        removed: [tighter('is removed: its deliveries are refused, and its open changes are rejected')],
        changed: explainSource,
      });
    }),
  ];
}

/** Finds the tenants and sources that two settings say different things about, defaults included. */
export function changedNames(before: Settings, after: Settings): ChangedNames {
  return { tenants: changed(before.tenants, after.tenants), sources: changed(before.sources, after.sources) };
}

function changed(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !isDeepStrictEqual(lookup(before, name), lookup(after, name)));
}

type Cases<T> = { added: Said[]; removed: Said[]; changed: (before: T, after: T) => Said[] };

function named<T>(who: string, path: string, before: T | undefined, after: T | undefined, cases: Cases<T>): Meaning[] {
  const said = () => {
    if (after === undefined) return cases.removed;
    return before === undefined ? cases.added : cases.changed(before, after);
  };
  return said().map(({ effect, path: within, sentence }) => ({
    effect,
    path: within === undefined ? path : `${path}.${within}`,
    sentence: `${who}: ${sentence}.`,
  }));
}

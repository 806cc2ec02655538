import type { SecretEntry } from '../../../../shared/aws/secret-store.ts';
import type { NeededSecret } from '../../../../shared/domain/configuration/needed-secrets.ts';

/** `rotating`: two values are valid. `unused`: no tenant and no source of the settings needs it. */
export type SecretState = 'present' | 'rotating' | 'stale' | 'missing' | 'empty' | 'to-be-deleted' | 'unused';

/** `changedAt`: epoch ms; absent if it is missing. `isProblem`: somebody has to do something. */
export type JudgedSecret = {
  name: string;
  state: SecretState;
  neededBy?: string;
  changedAt?: number;
  isProblem: boolean;
};

type Age = { now: number; maxAgeMs: number };

/** Judges what is stored by what the settings need: those that are needed, in their order, then the others by name. */
export function judgeSecrets(
  needed: readonly NeededSecret[],
  stored: readonly SecretEntry[],
  age: Age,
): JudgedSecret[] {
  const byName = new Map(stored.map((entry) => [entry.name, entry]));
  const wanted = new Set(needed.map(({ name }) => name));
  const others = stored.filter(({ name }) => !wanted.has(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...needed.map((one) => {
      const entry = byName.get(one.name);
      const state = stateOf(entry, age);
      const isProblem = state !== 'present' && state !== 'rotating';
      return { name: one.name, state, neededBy: needOf(one), isProblem, ...changedAtOf(entry) };
    }),
    ...others.map((entry) => {
      const state = entry.state === 'deleted' ? ('to-be-deleted' as const) : ('unused' as const);
      return { name: entry.name, state, isProblem: state === 'unused', ...changedAtOf(entry) };
    }),
  ];
}

const changedAtOf = (entry: SecretEntry | undefined) => (entry === undefined ? {} : { changedAt: entry.changedAt });

function stateOf(entry: SecretEntry | undefined, { now, maxAgeMs }: Age): SecretState {
  if (entry === undefined) return 'missing';
  if (entry.state === 'deleted') return 'to-be-deleted';
  if (entry.state === 'empty') return 'empty';
  if (now - entry.changedAt > maxAgeMs) return 'stale';
  return entry.isRotating ? 'rotating' : 'present';
}

function needOf(needed: NeededSecret): string {
  switch (needed.kind) {
    case 'zpa':
      return `tenant ${needed.tenant}`;
    case 'status':
      return 'status links and seals';
    default:
      return `source ${needed.source}`;
  }
}

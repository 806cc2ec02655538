import type { SecretReader } from '../../shared/ports/ports.ts';

export type MemorySecrets = SecretReader & {
  /** Names → texts; change it to rotate. */
  readonly secrets: Map<string, string>;
  /** Every read, in order. */
  readonly reads: { name: string; fresh: boolean }[];
};

class SecretMissingFake extends Error {
  readonly code = 'secret-missing';
  readonly scope = 'tenant';
}

/** Secrets in memory; a name that is not there rejects with code `secret-missing`. Nothing is cached. */
export function createMemorySecrets(texts: Record<string, string> = {}): MemorySecrets {
  const secrets = new Map(Object.entries(texts));
  const reads: MemorySecrets['reads'] = [];
  return {
    secrets,
    reads,
    async read(name, { fresh = false } = {}) {
      reads.push({ name, fresh });
      const text = secrets.get(name);
      if (text === undefined) throw new SecretMissingFake(`The secret ${name} is missing.`);
      return text;
    },
  };
}

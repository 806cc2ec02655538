export type KeySet = { add(keys: readonly string[]): void; mayOverlap(keys: readonly string[]): boolean };

/** A set of references. Equal references overlap; an id and a name may overlap, since only ZPA knows the id of a name. */
export function createKeySet(): KeySet {
  const members = new Set<string>();
  const kinds = new Set<string>();
  return {
    add(keys) {
      for (const key of keys) {
        members.add(key);
        kinds.add(kindOf(key));
      }
    },
    mayOverlap(keys) {
      if (members.size === 0 || keys.length === 0) return false;
      return (
        members.has('*') ||
        keys.some((key) => key === '*' || members.has(key) || kinds.has(OTHER_KIND[kindOf(key)] ?? ''))
      );
    },
  };
}

const OTHER_KIND: Record<string, string> = { id: 'name', name: 'id' };
const kindOf = (key: string) => key.slice(0, key.indexOf(':'));

import { type Documents, KINDS, type Kind } from './documents.ts';

/** One customer's documents, for reading. */
export type TenantView = {
  readonly customerId: string;
  get<K extends Kind>(kind: K, id: string): Documents[K] | undefined;
  all<K extends Kind>(kind: K): Documents[K][];
};

/** One customer's documents by kind and id. */
export type Shelves = { [K in Kind]: Map<string, Documents[K]> };

const emptyShelves = (): Shelves => ({
  group: new Map(),
  application: new Map(),
  policySet: new Map(),
  rule: new Map(),
  microtenant: new Map(),
});

export const copyShelves = (shelves: Shelves): Shelves => ({
  group: new Map(shelves.group),
  application: new Map(shelves.application),
  policySet: new Map(shelves.policySet),
  rule: new Map(shelves.rule),
  microtenant: new Map(shelves.microtenant),
});

export const viewOf = (customerId: string, shelves: Shelves): TenantView => ({
  customerId,
  get: <K extends Kind>(kind: K, id: string): Documents[K] | undefined => shelves[kind].get(id),
  all: <K extends Kind>(kind: K): Documents[K][] => [...shelves[kind].values()],
});

export function shelve(documents: { [K in Kind]: Documents[K][] }): Shelves {
  const shelves = emptyShelves();
  for (const kind of KINDS) {
    const shelf: Map<string, Documents[Kind]> = shelves[kind];
    for (const document of documents[kind]) shelf.set(document.id, document);
  }
  return shelves;
}

export const unshelve = (shelves: Shelves): { [K in Kind]: Documents[K][] } => ({
  group: [...shelves.group.values()],
  application: [...shelves.application.values()],
  policySet: [...shelves.policySet.values()],
  rule: [...shelves.rule.values()],
  microtenant: [...shelves.microtenant.values()],
});

import type { Documents, Effect, Kind } from '../tenant/documents.ts';
import type { TenantView } from '../tenant/shelves.ts';
import type { Store, Tenant } from '../tenant/store.ts';

/** An edit names something that is not there, or makes no sense. */
export class ConsoleError extends Error {
  readonly code = 'console';
}

export type Commit = (effects: Effect[]) => void;

type Named = Exclude<Kind, 'policySet'>;
export type ConsoleEdits = ReturnType<typeof createConsoleEdits>;
type Site = { store: Store; customerId: string; nowSeconds: () => string; commit: Commit; admin: string };

/** The steps of every console edit: find or fail, change and stamp. */
export function createConsoleEdits({ store, customerId, nowSeconds, commit, admin }: Site) {
  const view = (): TenantView => {
    const found = store.view(customerId);
    if (found === undefined) throw new ConsoleError(`no customer ${customerId}`);
    return found;
  };
  const edit = <T>(change: (tenant: Tenant) => T): T => {
    const written = store.write(customerId, change);
    if (written === undefined) throw new ConsoleError(`no customer ${customerId}`);
    commit(written.effects);
    return written.result;
  };
  const find = <K extends Named>(kind: K, idOrName: string): Documents[K] | undefined =>
    view().get(kind, idOrName) ??
    view()
      .all(kind)
      .find((one) => one.name === idOrName);
  const must = <K extends Named>(kind: K, idOrName: string): Documents[K] => {
    const found = find(kind, idOrName);
    if (found === undefined) throw new ConsoleError(`no ${kind} ${idOrName}`);
    return found;
  };
  const stamp = () => ({ modifiedTime: nowSeconds(), modifiedBy: admin });
  const born = (tenant: Tenant) => ({ id: tenant.takeId(), creationTime: nowSeconds(), ...stamp() });
  const change = <K extends Named>(kind: K, idOrName: string, edited: Partial<Documents[K]>): void => {
    const before = must(kind, idOrName);
    edit((tenant) => tenant.put(kind, { ...before, ...edited, ...stamp() }));
  };
  const move = (idOrName: string, group: string | undefined): void =>
    change('application', idOrName, { segmentGroupId: group === undefined ? undefined : must('group', group).id });
  return { view, edit, find, must, stamp, born, change, move };
}

export function put<K extends Kind>(tenant: Tenant, kind: K, document: Documents[K]): Documents[K] {
  tenant.put(kind, document);
  return document;
}

import type { TenantView } from '../tenant/shelves.ts';
import type { Tenant } from '../tenant/store.ts';
import type { Answer } from './answers.ts';
import {
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  listApplicationsByType,
  updateApplication,
} from './applications.ts';
import type { Call, Reader, Writer } from './call.ts';
import {
  createMicrotenant,
  deleteMicrotenant,
  getMicrotenant,
  listMicrotenants,
  summariseMicrotenants,
  updateMicrotenant,
} from './microtenants.ts';
import {
  createRule,
  deleteRule,
  getPolicySet,
  getRule,
  listRules,
  reorderRule,
  reorderRules,
  updateRule,
} from './policies.ts';
import { createGroup, replaceGroup, updateGroup } from './segment-group-writes.ts';
import { deleteGroup, getGroup, listGroups } from './segment-groups.ts';

/** A found route: reads see a view (which may lag), writes the tenant itself. */
export type Route =
  | { kind: 'read'; run: (call: Call, tenant: TenantView) => Answer }
  | { kind: 'write'; run: (call: Call, tenant: Tenant) => Answer };

type Row = [method: string, versions: string, pattern: string, route: Route];
const read = (run: Reader): Route => ({ kind: 'read', run });
const write = (run: Writer): Route => ({ kind: 'write', run });

/** Method, API versions, path after the customer (`*` is one segment). The first that fits is taken. */
const ROUTES: Row[] = [
  ['GET', '1', 'segmentGroup', read(listGroups)],
  ['GET', '1', 'segmentGroup/*', read(getGroup)],
  ['POST', '1', 'segmentGroup', write(createGroup)],
  ['PUT', '1', 'segmentGroup/*', write(replaceGroup)],
  ['PUT', '2', 'segmentGroup/*', write(updateGroup)],
  ['DELETE', '1', 'segmentGroup/*', write(deleteGroup)],
  ['GET', '1', 'application', read(listApplications)],
  ['GET', '1', 'application/getAppsByType', read(listApplicationsByType)],
  ['GET', '1', 'application/*', read(getApplication)],
  ['POST', '1', 'application', write(createApplication)],
  ['PUT', '1', 'application/*', write(updateApplication)],
  ['DELETE', '1', 'application/*', write(deleteApplication)],
  ['GET', '1', 'policySet/policyType/*', read(getPolicySet)],
  ['GET', '1', 'policySet/rules/policyType/*', read(listRules)],
  ['GET', '1', 'policySet/*/rule/*', read(getRule)],
  ['POST', '12', 'policySet/*/rule', write(createRule)],
  ['PUT', '12', 'policySet/*/rule/*', write(updateRule)],
  ['DELETE', '1', 'policySet/*/rule/*', write(deleteRule)],
  ['PUT', '1', 'policySet/*/rule/*/reorder/*', write(reorderRule)],
  ['PUT', '1', 'policySet/*/reorder', write(reorderRules)],
  ['GET', '1', 'microtenants', read(listMicrotenants)],
  ['GET', '1', 'microtenants/summary', read(summariseMicrotenants)],
  ['GET', '1', 'microtenants/*', read(getMicrotenant)],
  ['POST', '1', 'microtenants', write(createMicrotenant)],
  ['PUT', '1', 'microtenants/*', write(updateMicrotenant)],
  ['DELETE', '1', 'microtenants/*', write(deleteMicrotenant)],
];

type Asked = Pick<Call, 'method' | 'version' | 'path'>;

export function findRoute(asked: Asked): Route | undefined {
  return rowsAt(asked).find(([verb]) => verb === asked.method)?.[3];
}

/** The methods that a path knows, none where there is no such path. */
export const methodsAt = (asked: Omit<Asked, 'method'>): string[] => [...new Set(rowsAt(asked).map(([verb]) => verb))];

const rowsAt = ({ version, path }: Omit<Asked, 'method'>): Row[] =>
  ROUTES.filter(([, versions, pattern]) => versions.includes(String(version)) && fits(pattern, path));

function fits(pattern: string, path: readonly string[]): boolean {
  const parts = pattern.split('/');
  return parts.length === path.length && parts.every((part, index) => part === '*' || part === path[index]);
}

import type { DriftReport } from '../../../../../shared/domain/drift/report.ts';
import { sampleReport } from '../sample-report.ts';

/** Fields whose text comes from ZPA, from tickets, from people or from the settings. */
const FOREIGN = new Set([
  ...[
    'name',
    'before',
    'after',
    'reason',
    'by',
    'live',
    'key',
    'source',
    'ticket',
    'tenant',
    'tenants',
    'lane',
    'code',
  ],
  ...['id', 'groupId', 'microtenantId', 'deletedId', 'policyType'],
]);
const isOurs = (text: string) => /^D-\w{8}$/.test(text) || /^(no-group|gone|\d{4}-\d\d-\d\dT.*)$/.test(text);

/** The sample report in which every foreign text is the given one; ids of findings stay as they are. */
export function hostileReport(text: string): DriftReport {
  const replace = (value: unknown, field: string): unknown => {
    if (typeof value === 'string') return FOREIGN.has(field) && !isOurs(value) ? text : value;
    if (Array.isArray(value)) return value.map((one) => replace(one, field));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replace(one, key)]));
  };
  return replace(sampleReport(), '') as DriftReport;
}

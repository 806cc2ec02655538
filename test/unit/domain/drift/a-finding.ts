import type { Finding, GroupRef } from '../../../../shared/domain/drift/report.ts';

type Part = Partial<Omit<Finding, 'group' | 'from' | 'to'>> & {
  groupId: string;
  from?: GroupRef | undefined;
  to?: Finding['to'] | undefined;
};

/** A finding of a survey about the group `groupId`, as far as access depends on it; `part` changes the rest. */
export function aFinding({ groupId, from, to, ...part }: Part): Finding {
  return {
    ...{
      id: 'D-00000000',
      facet: 'exists',
      kind: 'missing',
      state: 'new',
      since: { upTo: '2026-12-01T06:00:00.000Z' },
    },
    group: { id: groupId, name: `Group ${groupId}`, microtenantId: '0', tenant: 'acme' },
    ...{ before: '', after: '', access: { read: 'not-needed' } },
    ...(from && { from }),
    ...(to && { to }),
    ...part,
  };
}

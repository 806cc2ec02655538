import type { DesiredGroup } from '../../records/desired-group.ts';
import { isDrift } from '../drift.ts';
import type { Finding } from '../report.ts';

/** Kinds of findings about managed groups. */
const ABOUT_MANAGED: readonly Finding['kind'][] = ['missing', 'changed', 'added', 'removed'];

/** The number of managed groups with a finding that needs a person. */
export function countDrifted(findings: readonly Finding[]): number {
  const drifted = findings.filter((one) => ABOUT_MANAGED.includes(one.kind) && isDrift(one));
  return new Set(drifted.map(({ group }) => group.id)).size;
}

/** Whether tickets stated all that is compared of the group. */
export const isFullyStated = ({ name, description, enabled, complete }: DesiredGroup): boolean =>
  name !== undefined && description !== undefined && enabled !== undefined && complete !== undefined;

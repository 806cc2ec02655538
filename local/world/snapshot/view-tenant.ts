import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import type { Console } from '../../zpa-simulator/console/console.ts';
import type { Simulator } from '../../zpa-simulator/simulator.ts';
import type { RuleDocument } from '../../zpa-simulator/tenant/documents.ts';
import type { GroupView, TenantView } from './snapshot.ts';
import { zpaWrites } from './zpa-writes.ts';

/** Each customer of the configuration once, as the simulator holds it now; read past its API, so no limit is touched. */
export function toTenantViews(configuration: Configuration, simulator: Simulator): TenantView[] {
  const customers = new Set<string>();
  const writes = zpaWrites(simulator);
  return Object.entries(configuration.tenants).flatMap(([name, { customerId, cloud }]) => {
    if (!simulator.customers.includes(customerId) || customers.has(customerId)) return [];
    customers.add(customerId);
    const own = writes.filter((write) => write.effects.some((effect) => effect.customerId === customerId));
    return [{ name, customerId, cloud, groups: toGroupViews(simulator.storeOf(customerId)), writes: own.length }];
  });
}

/** By name, because that is how people look for them. */
function toGroupViews(held: Console): GroupView[] {
  const applications = held.applications();
  const rules = held.rules();
  const views = held.groups().map((group) => ({
    id: group.id,
    name: group.name,
    description: group.description ?? '',
    enabled: group.enabled,
    readOnly: group.readOnly || group.zscalerManaged || group.deception,
    applications: applications
      .filter((application) => application.segmentGroupId === group.id)
      .map(({ id, name }) => ({ id, name })),
    rules: rules.filter((rule) => mentions(rule, group.id)).map((rule) => rule.name),
  }));
  return views.sort((one, other) => one.name.localeCompare(other.name));
}

function mentions(rule: RuleDocument, groupId: string): boolean {
  const operands = rule.conditions.flatMap((condition) => condition.operands);
  return operands.some((operand) => operand.objectType === 'APP_GROUP' && operand.rhs === groupId);
}

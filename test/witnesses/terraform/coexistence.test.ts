import { describe, expect, it } from 'vitest';
import { besideTerraform, OWN_ADMIN, type Scene, TERRAFORM_ADMIN, type Tenant } from './beside.ts';
import { edited, exampleUnder } from './examples.ts';
import { noTerraform } from './workspace.ts';

/** The cases of docs/terraform.md, each in a tenant whose v2 API replaces memberships and in one that ignores them. */
const TENANTS: Tenant[] = [
  { api: 'oneapi', v2: 'ignores' },
  { api: 'oneapi', v2: 'replaces' },
  { api: 'legacy', v2: 'replaces' },
];

const SALES = exampleUnder('Terraform owns the group, tickets own its members');
const FIELD_SERVICE = exampleUnder('Tickets own the group, Terraform refers to it');
const WITH_MEMBERS = edited(
  SALES.slice(0, SALES.indexOf('resource "zpa_application_segment"')),
  'lifecycle {',
  'applications {\n    id = "216196257331373001"\n  }\n\n  lifecycle {',
);

const HANDED_OVER = edited(
  edited(SALES, /resource "zpa_segment_group".*?\n}\n/s, exampleUnder('Hand a group over to tickets')),
  'zpa_segment_group.sales.id #',
  'data.zpa_segment_group.sales.id #',
);

const add = (...names: string[]) => ({ applications: { add: names.map((name) => ({ name })) } });
const TOOK_IT_OUT = 'a Terraform apply (Terraform pipeline) took it out';
const move = (name: string) => ({ ...add(name), takeFromOtherGroups: true });

const asCase = (name: string, story: (scene: Scene, tenant: Tenant) => Promise<void>) => {
  const reason = noTerraform === undefined ? '' : ` (left out: ${noTerraform})`;
  it.skipIf(noTerraform).for(TENANTS)(`${name}: $api, v2 $v2${reason}`, (tenant) =>
    besideTerraform(tenant, (scene) => story(scene, tenant)),
  );
};

describe('Terraform beside tickets', () => {
  asCase('1, memberships by ticket stay', async ({ terraform, ticket, groupOf, simulator }) => {
    terraform.write(SALES);
    await terraform.apply();
    await ticket('Sales', add('Ticket Desk'));
    await ticket('Field Service', move('CRM'));
    expect(simulator.store.group('Sales')?.modifiedBy).toBe(OWN_ADMIN);
    expect(await terraform.plan()).toBe('no-changes');
    terraform.write(edited(edited(SALES, 'What the', 'All that the'), '"443", "443"', '"8443", "8443"'));
    await terraform.apply();
    expect([groupOf('Ticket Desk'), groupOf('CRM')]).toEqual(['Sales', 'Field Service']);
    expect(simulator.store.group('Sales')).toMatchObject({
      description: 'All that the sales team works with',
      modifiedBy: TERRAFORM_ADMIN,
    });
    expect(await terraform.plan()).toBe('no-changes');
  });

  asCase('2, stated applications leave no room for others', async ({ terraform, ticket, groupOf }, { v2 }) => {
    terraform.write(WITH_MEMBERS);
    await terraform.apply();
    await ticket('Sales', add('Time Tracking'));
    expect(await terraform.plan()).toBe('changes');
    await terraform.apply();
    expect(groupOf('Ticket Desk')).toBe('Sales');
    expect(groupOf('Time Tracking')).toBe(v2 === 'replaces' ? undefined : 'Sales');
    expect(await terraform.plan()).toBe(v2 === 'replaces' ? 'no-changes' : 'changes');
    terraform.write(edited(WITH_MEMBERS, 'lifecycle {', 'lifecycle {\n    ignore_changes = [applications]'));
    await ticket('Sales', add('Phone Book'));
    expect(await terraform.plan()).toBe('no-changes');
  });

  asCase('3, a stated group moves a segment back', async ({ terraform, ticket, groupOf, simulator, drift }) => {
    terraform.write(edited(SALES, 'ignore_changes = [segment_group_id]', ''));
    await terraform.apply();
    await ticket('Field Service', move('CRM'));
    expect(await terraform.plan()).toBe('changes');
    await terraform.apply();
    expect(groupOf('CRM')).toBe('Sales');
    expect(simulator.store.application('CRM')?.modifiedBy).toBe(TERRAFORM_ADMIN);
    expect(await drift()).toContain(`Field Service removed CRM: ${TOOK_IT_OUT}`);
  });

  asCase('4, a saved plan of a segment moves it back', async ({ terraform, ticket, groupOf, simulator }) => {
    terraform.write(SALES);
    await terraform.apply();
    terraform.write(edited(SALES, '"443", "443"', '"8443", "8443"'));
    await terraform.plan('saved');
    await ticket('Field Service', move('CRM'));
    expect(groupOf('CRM')).toBe('Field Service');
    await terraform.apply('saved');
    expect(groupOf('CRM')).toBe('Sales');
    expect(simulator.store.application('CRM')?.modifiedBy).toBe(TERRAFORM_ADMIN);
    expect(await terraform.plan()).toBe('no-changes');
  });

  asCase(
    '4, a saved plan of a group takes out what joined',
    async ({ terraform, ticket, groupOf, simulator, drift }, { v2 }) => {
      terraform.write(SALES);
      await terraform.apply();
      terraform.write(edited(SALES, 'What the', 'All that the'));
      await terraform.plan('saved');
      await ticket('Sales', add('Ticket Desk'));
      await terraform.apply('saved');
      expect([groupOf('CRM'), groupOf('Ticket Desk')]).toEqual(['Sales', v2 === 'replaces' ? undefined : 'Sales']);
      expect(simulator.store.group('Sales')?.modifiedBy).toBe(TERRAFORM_ADMIN);
      expect(simulator.store.application('Ticket Desk')?.modifiedBy).not.toBe(TERRAFORM_ADMIN);
      expect(await drift()).toEqual(v2 === 'replaces' ? [`Sales removed Ticket Desk: ${TOOK_IT_OUT}`] : []);
      expect(await terraform.plan()).toBe('no-changes');
    },
  );

  asCase('5, what the configuration leaves out is reset', async ({ terraform, ticket, simulator, drift }, { v2 }) => {
    terraform.write(edited(edited(SALES, /description = .*\n/, ''), 'enabled     = true', ''));
    await terraform.apply();
    await ticket('Sales', { set: { enabled: true, description: 'By ticket' } });
    expect(await terraform.plan()).toBe('changes');
    await terraform.apply();
    const { enabled, description } = simulator.store.group('Sales') ?? {};
    expect([enabled, description]).toEqual([false, v2 === 'replaces' ? undefined : 'By ticket']);
    expect(await drift()).toContain('Sales changed enabled: a Terraform apply (Terraform pipeline) changed it');
    expect(await terraform.plan()).toBe(v2 === 'replaces' ? 'no-changes' : 'changes');
  });

  asCase('6, a deleted group is created anew', async ({ terraform, change, groupOf, simulator, drift }) => {
    terraform.write(SALES);
    await terraform.apply();
    const before = simulator.store.group('Sales')?.id;
    const moveApplicationsTo = { name: 'Field Service' };
    await change({ action: 'delete', group: { name: 'Sales' }, moveApplicationsTo });
    expect(simulator.store.group('Sales')).toBeUndefined();
    await terraform.apply();
    expect(simulator.store.group('Sales')?.id).not.toBe(before);
    expect(simulator.store.members('Sales')).toEqual([]);
    expect(groupOf('CRM')).toBe('Field Service');
    expect(await drift()).toEqual(['Sales resurrected exists: a Terraform apply (Terraform pipeline) created it']);
    expect(await terraform.plan()).toBe('no-changes');
  });

  asCase(
    'a destroy takes a group out of its rules, also where it then fails',
    async ({ terraform, ticket, simulator }) => {
      terraform.write(edited(SALES, 'prevent_destroy = true', 'prevent_destroy = false'));
      await terraform.apply();
      const group = simulator.store.group('Sales')?.id ?? '';
      const operands = [{ objectType: 'CLIENT_TYPE', values: ['zpn_client_type_zapp'] }];
      const { id } = simulator.store.createRule({
        name: 'Sales staff',
        conditions: [{ operands: [{ objectType: 'APP_GROUP', values: [group] }] }, { operands }],
      });
      await ticket('Sales', add('Ticket Desk'));
      await expect(terraform.run('destroy', '-no-color', '-auto-approve')).rejects.toThrow('resource.referenced');
      expect(simulator.store.group('Sales')?.id).toBe(group);
      const conditions = simulator.store.rules('ACCESS_POLICY').find((rule) => rule.id === id)?.conditions;
      expect(conditions?.flatMap((one) => one.operands.map(({ objectType }) => objectType))).toEqual(['CLIENT_TYPE']);
    },
  );

  asCase('prevent_destroy keeps group and rules', async ({ terraform, simulator }) => {
    terraform.write(SALES);
    await terraform.apply();
    const before = simulator.log.effects().length;
    await expect(terraform.run('destroy', '-no-color', '-auto-approve')).rejects.toThrow('prevent_destroy');
    expect(simulator.log.effects()).toHaveLength(before);
  });

  asCase('a group is handed over without a write', async ({ terraform, ticket, simulator, groupOf }) => {
    terraform.write(SALES);
    await terraform.apply();
    const before = simulator.log.effects().length;
    terraform.write(HANDED_OVER);
    await terraform.apply();
    expect(simulator.log.effects()).toHaveLength(before);
    await ticket('Sales', { ...add('Ticket Desk'), set: { description: 'By ticket' } });
    expect(await terraform.plan()).toBe('no-changes');
    expect(groupOf('CRM')).toBe('Sales');
  });

  asCase('a group that Terraform only refers to is never written by it', async ({ terraform, ticket, simulator }) => {
    terraform.write(FIELD_SERVICE);
    await terraform.apply();
    terraform.write(edited(FIELD_SERVICE, '"443", "443"', '"8443", "8443"'));
    await terraform.plan('saved');
    await ticket('Field Service', { ...add('Ticket Desk'), set: { description: 'By ticket' } });
    await terraform.apply('saved');
    const calls = simulator.log.all().filter(({ client, method }) => client === 'terraform' && method !== 'GET');
    expect(calls.filter(({ path }) => path.includes('/segmentGroup'))).toEqual([]);
    expect(simulator.store.group('Field Service')?.description).toBe('By ticket');
    expect(await terraform.plan()).toBe('no-changes');
  });
});

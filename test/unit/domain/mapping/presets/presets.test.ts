import { describe, expect, it } from 'vitest';
import { changesOf, faultsOf, map, samplePayload } from '../mapping-samples.ts';

const acme = { schemaVersion: 1, tenant: 'acme-prod' };

describe('ServiceNow', () => {
  it('a normal change: the planned window is the change’s, from the stored values in UTC', async () => {
    const payload = samplePayload('servicenow-normal-change');
    expect(await changesOf({ preset: 'servicenow-change' }, payload)).toEqual([
      {
        ...acme,
        idempotencyKey: 'CHG0031401/1',
        action: 'update',
        group: { name: 'Intranet' },
        applications: { add: [{ name: 'Ticket Desk' }, { name: 'Time Tracking' }] },
        notBefore: '2026-12-01T21:00:00Z',
        notAfter: '2026-12-01T23:00:00Z',
      },
    ]);
    expect(await map({ preset: 'servicenow-change' }, payload)).toMatchObject({
      ticket: { id: 'CHG0031401', requestedBy: 'kim.adeyemi' },
      changes: [{ ticket: { id: 'CHG0031401', requestedBy: 'kim.adeyemi' } }],
    });
  });

  it('an emergency change without a window, and several changes in a multi-row variable set', async () => {
    const changes = await changesOf({ preset: 'servicenow-change' }, samplePayload('servicenow-emergency-change'));
    const set = { id: 'CHG0031402', size: 3, onReject: 'continue' };
    expect(changes).toEqual([
      {
        ...acme,
        idempotencyKey: 'CHG0031402/1',
        action: 'create',
        group: { name: 'Partner Apps' },
        description: 'For partners',
        enabled: false,
        applications: [{ name: 'Travel Booking' }],
        changeSet: { ...set, index: 1 },
      },
      {
        ...acme,
        idempotencyKey: 'CHG0031402/2',
        action: 'update',
        group: { name: 'Staging Apps' },
        set: { name: 'Acceptance Apps' },
        changeSet: { ...set, index: 2 },
      },
      {
        ...acme,
        idempotencyKey: 'CHG0031402/3',
        action: 'update',
        group: { name: 'Engineering' },
        applications: { remove: [{ name: 'Build Server' }] },
        moveTo: { name: 'Intranet' },
        changeSet: { ...set, index: 3 },
      },
    ]);
  });

  it('a standard change is read as a normal one is', async () => {
    const payload = samplePayload('servicenow-normal-change');
    const record = { ...Object(payload.record), type: { value: 'standard', display_value: 'Standard' } };
    expect(await changesOf({ preset: 'servicenow-change' }, { ...payload, record })).toHaveLength(1);
  });

  it('a requested item, for whom it was requested', async () => {
    const mapped = await map({ preset: 'servicenow-request' }, samplePayload('servicenow-requested-item'));
    expect(mapped).toMatchObject({
      ticket: { id: 'RITM0010412', requestedBy: 'sam.oduya' },
      changes: [
        {
          idempotencyKey: 'RITM0010412/1',
          action: 'create',
          group: { name: 'Facility Apps' },
          enabled: true,
          applications: [{ name: 'Phone Book' }, { name: 'Room Booking' }],
        },
      ],
    });
  });

  it('a change task: its own number and its own window; a delete moves applications away', async () => {
    expect(await changesOf({ preset: 'servicenow-task' }, samplePayload('servicenow-change-task'))).toEqual([
      {
        ...acme,
        idempotencyKey: 'CTASK0020117/1',
        action: 'delete',
        group: { name: 'Legacy Apps' },
        moveApplicationsTo: { name: 'Remote Access' },
        notBefore: '2026-12-03T20:00:00Z',
        notAfter: '2026-12-03T22:00:00Z',
      },
    ]);
  });

  it('several changes in a text variable, one per line', async () => {
    const zpa_changes = {
      value:
        'Add applications; Intranet; Wiki, Ticket Desk\r\n\r\nrename;Staging Apps;;;Acceptance Apps\r\ndelete; Old; ; ; ; Intranet',
    };
    const record = { number: 'CHG0031410', variables: { zpa_tenant: 'acme-prod', zpa_changes } };
    expect(await changesOf({ preset: 'servicenow-change' }, { record })).toMatchObject([
      { group: { name: 'Intranet' }, applications: { add: [{ name: 'Wiki' }, { name: 'Ticket Desk' }] } },
      { group: { name: 'Staging Apps' }, set: { name: 'Acceptance Apps' } },
      { action: 'delete', group: { name: 'Old' }, moveApplicationsTo: { name: 'Intranet' } },
    ]);
  });

  it('columns of the table in place of catalog variables', async () => {
    const record = { number: 'CHG0031411', u_zpa_tenant: 'acme-prod', u_zpa_action: 'enable', u_zpa_group: 'Finance' };
    expect(await changesOf({ preset: 'servicenow-change' }, { record })).toMatchObject([
      { group: { name: 'Finance' }, set: { enabled: true } },
    ]);
  });

  it('columns may stand flat under their dotted names, and as plain values', async () => {
    const payload = {
      record: {
        number: 'CHG0031409',
        'variables.zpa_tenant': 'acme-prod',
        'variables.zpa_action': 'Disable group',
        'variables.zpa_group': { value: 'Finance', display_value: 'Finance' },
      },
    };
    expect(await changesOf({ preset: 'servicenow-change' }, payload)).toMatchObject([
      { group: { name: 'Finance' }, set: { enabled: false } },
    ]);
  });

  it('a choice that says one thing beside a field that says another is not decided', async () => {
    const variables = {
      zpa_tenant: 'acme-prod',
      zpa_action: 'Disable group',
      zpa_group: 'Finance',
      zpa_enabled: 'yes',
    };
    const payload = { record: { number: 'CHG0031409', variables } };
    expect(await faultsOf({ preset: 'servicenow-change' }, payload)).toEqual([
      'Source "desk", row "enabled": record.variables.zpa_enabled = true says something else than row "enabled by action". ' +
        'Make record.variables.zpa_action and record.variables.zpa_enabled say the same, or leave one blank.',
    ]);
  });

  it('a tick box that is not set asks for nothing, whatever the action', async () => {
    const variables = {
      zpa_tenant: 'acme-prod',
      zpa_action: 'create',
      zpa_group: 'Facility Apps',
      zpa_leave_ungrouped: 'false',
      zpa_take_from_other_groups: 'false',
    };
    const changes = await changesOf({ preset: 'servicenow-request' }, { record: { number: 'RITM0010499', variables } });
    expect(changes).toEqual([
      { ...acme, idempotencyKey: 'RITM0010499/1', action: 'create', group: { name: 'Facility Apps' } },
    ]);
  });
});

describe('Jira', () => {
  it('an issue with custom fields: choices by their value, times with their offset', async () => {
    expect(await changesOf({ preset: 'jira-issue' }, samplePayload('jira-issue-updated'))).toEqual([
      {
        ...acme,
        idempotencyKey: 'ZPA-71/1',
        action: 'update',
        group: { name: 'Staging Apps' },
        set: { enabled: true },
        applications: { add: [{ name: 'Learning Portal' }] },
        notBefore: '2026-12-02T21:00:00Z',
        notAfter: '2026-12-03T01:00:00Z',
      },
    ]);
  });

  it('several changes in a text field, one per line', async () => {
    const fields = {
      customfield_10100: 'acme-prod',
      customfield_10113: 'enable; Staging Apps\nremove; Finance; ; Payroll',
    };
    expect(await changesOf({ preset: 'jira-issue' }, { issue: { key: 'ZPA-80', fields } })).toMatchObject([
      { idempotencyKey: 'ZPA-80/1', group: { name: 'Staging Apps' }, set: { enabled: true } },
      { idempotencyKey: 'ZPA-80/2', group: { name: 'Finance' }, applications: { remove: [{ name: 'Payroll' }] } },
    ]);
  });

  it('the custom JSON of an automation rule', async () => {
    expect(await changesOf({ preset: 'flat-json' }, samplePayload('jira-automation'))).toEqual([
      {
        ...acme,
        idempotencyKey: 'ZPA-72/1',
        action: 'update',
        group: { name: 'Staging Apps' },
        applications: { add: [{ name: 'Room Booking' }, { name: 'Phone Book' }] },
        notBefore: '2026-12-04T20:00:00Z',
      },
    ]);
  });

  it('other field numbers and a multi-select are one override each', async () => {
    const rows = {
      tenant: { value: 'acme-prod' },
      group: { from: 'issue.fields.customfield_20001' },
      'applications to add': { from: 'issue.fields.customfield_20002[*].value', transform: ['trim'] },
    };
    const payload = samplePayload('jira-issue-updated');
    const fields = {
      customfield_10101: { value: 'Add applications' },
      customfield_20001: 'Staging Apps',
      customfield_20002: [
        { self: 'https://acme.atlassian.net/x', value: 'Wiki ', id: '1' },
        { value: 'Payroll', id: '2' },
      ],
    };
    const action = { from: 'issue.fields.customfield_10101.value' };
    const issue = { ...Object(payload.issue), fields };
    expect(await changesOf({ preset: 'jira-issue', rows: { ...rows, action } }, { issue })).toMatchObject([
      { group: { name: 'Staging Apps' }, applications: { add: [{ name: 'Wiki' }, { name: 'Payroll' }] } },
    ]);
  });
});

describe('our own JSON', () => {
  const one = { ...acme, idempotencyKey: 'T-1/1@A', action: 'update', group: { id: '7' }, set: { description: '' } };

  it('passes as it is, one change or several, and keeps its keys', async () => {
    expect(await changesOf({ preset: 'own-json' }, { ...one, ticket: { id: 'T-1' } })).toEqual([one]);
    const several = { ticket: { id: 'T-1' }, changes: [one, { ...one, idempotencyKey: 'T-1/2@A' }] };
    expect(await changesOf({ preset: 'own-json' }, several)).toMatchObject([one, { idempotencyKey: 'T-1/2@A' }]);
  });

  it('a row of the configuration stands over what it says', async () => {
    const rows = { tenant: { value: 'globex-prod', to: 'tenant' }, text: { value: 'by ticket', to: 'description' } };
    expect(await changesOf({ preset: 'own-json', rows }, { ...one, ticket: { id: 'T-1' } })).toEqual([
      { ...one, tenant: 'globex-prod', set: { description: 'by ticket' } },
    ]);
  });

  it('a field that the contract does not know is refused, as ever', async () => {
    const payload = { ticket: { id: 'T-1' }, changes: [{ ...one, notBefor: '2026-12-01T22:00:00Z' }] };
    expect(await faultsOf({ preset: 'own-json' }, payload)).toEqual([
      'Source "desk", row "change": changes[0].notBefor, as "notBefor", is not a field of a change. Did you mean "notBefore"?',
    ]);
  });
});

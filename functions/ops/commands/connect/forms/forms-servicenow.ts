import { ACTION_CHOICES } from '../../../../../shared/domain/mapping/presets/action-words.ts';
import { FIELDS, type Form } from './form.ts';

/** ServiceNow needs these before it can be called: the columns, the accounts with their roles, the audit. */
export function servicenowPreparation(user: string, hasReader: boolean): Form[] {
  return [
    {
      title: 'Columns on the change request',
      where: 'Change > All > any change > right-click its header > Configure > Form Layout > Create new field',
      head: ['label', 'type', 'length', 'name that ServiceNow makes of it'],
      rows: [
        ['ZPA action', 'Choice', '40', 'u_zpa_action'],
        ['ZPA group', 'String', '255', 'u_zpa_group'],
        ['ZPA applications to add', 'String', '4000', 'u_zpa_applications_to_add'],
        ['ZPA applications to remove', 'String', '4000', 'u_zpa_applications_to_remove'],
        ['ZPA new name', 'String', '255', 'u_zpa_new_name'],
        ['ZPA description', 'String', '1000', 'u_zpa_description'],
      ],
      notes: [`Choices of ZPA action, label and value alike: ${ACTION_CHOICES.join(', ')}.`],
    },
    accountForm(user, hasReader),
    {
      title: 'Access rules (ACL)',
      where: 'Elevate to security_admin, then System Security > Access Control (ACL) > New, one record per line',
      head: ['type', 'operation', 'name', 'requires role'],
      rows: [
        ['record', 'read', 'sysapproval_approver, field: -- None --', 'zpa_changes_reader'],
        ['record', 'read', 'sysapproval_approver, field: *', 'zpa_changes_reader'],
        ['record', 'read', 'sys_audit, field: -- None --', 'zpa_changes_reader'],
        ['record', 'read', 'sys_audit, field: *', 'zpa_changes_reader'],
      ],
      notes: [
        'Leave out a rule that your instance has. Without these rules ServiceNow hides the rows without an error.',
      ],
    },
    {
      title: 'Audit',
      where: 'System Definition > Dictionary, the entries of type Collection of these tables',
      head: FIELDS,
      rows: [
        ['change_request', 'Audit: ticked'],
        ['sysapproval_approver', 'Audit: ticked'],
      ],
      notes: [],
    },
  ];
}

function accountForm(user: string, hasReader: boolean): Form {
  const only = 'Web service access only: ticked. Active: ticked. A password';
  return {
    title: hasReader ? 'Two accounts' : 'An account',
    where: 'User Administration > Roles > New: zpa_changes_reader. Then User Administration > Users > New',
    head: ['user ID', 'fields', 'roles'],
    rows: [
      [user, only, hasReader ? 'itil' : 'itil, zpa_changes_reader'],
      ...(hasReader ? [['the reader', only, 'zpa_changes_reader, and read on change_request']] : []),
    ],
    notes: ['The role itil reads and writes changes: work notes, state, close code, close notes.'],
  };
}

/**
 * The business rule sends the changes, with the credential that holds the secret. `sysId`: of that credential, empty if
 * unknown.
 */
export function servicenowSending(script: string, sysId: string): Form[] {
  return [
    {
      title: 'Credential with the secret',
      where: 'Connections & Credentials > Credentials > New > Basic Auth Credentials',
      head: FIELDS,
      rows: [
        ['Name', 'zpa-changes webhook'],
        ['User name', 'webhook'],
        ['Password', 'the secret, with whsec_'],
        ['Active', 'ticked'],
      ],
      secret: 'source',
      notes: ['Save it. Right-click the header of the saved record: Copy sys_id.'],
    },
    {
      title: 'Business rule',
      where: 'System Definition > Business Rules > New',
      head: FIELDS,
      rows: [
        ['Name', 'Send to zpa-changes'],
        ['Table', 'Change Request [change_request]'],
        ['Active, Advanced', 'ticked'],
        ['When', 'async'],
        ['Insert, Update', 'ticked'],
        ['Filter Conditions', 'ZPA action, is not empty'],
        ['Advanced > Script', `all of ${script}`],
      ],
      notes: [
        sysId === ''
          ? 'Its address and user ID are filled in. The sys_id of the credential is not: put it into the second line.'
          : 'Its first three lines are filled in: the address, the sys_id of the credential, and the user ID.',
        `Substitution of \${}: the script writes each $ as \\u0024, so ServiceNow replaces nothing in what is signed.`,
      ],
    },
  ];
}

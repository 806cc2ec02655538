import { type DrawnForm, drawForm } from './draw-form.ts';

/** The values that an admin fills in, by the picture's name. */
const FORMS: Record<string, DrawnForm> = {
  'servicenow-credential': {
    title: 'ServiceNow · Basic Auth Credentials · New',
    fields: [
      { label: 'Name', value: 'zpa-changes webhook' },
      { label: 'User name', value: 'webhook' },
      { label: 'Password', value: '', kind: 'secret', note: 'The secret of step 3, whsec_ and all.' },
      { label: 'Active', ticked: true },
    ],
    button: 'Submit',
  },
  'servicenow-business-rule': {
    title: 'ServiceNow · Business Rule · New',
    fields: [
      { label: 'Name', value: 'Send to zpa-changes' },
      { label: 'Table', value: 'Change Request [change_request]', kind: 'choice' },
      { label: 'Active', ticked: true },
      { label: 'Advanced', ticked: true },
      { label: 'When', value: 'async', kind: 'choice' },
      { label: 'Insert', ticked: true },
      { label: 'Update', ticked: true },
      { label: 'Filter Conditions', value: 'ZPA action · is not empty', kind: 'choice' },
      {
        label: 'Script (tab Advanced)',
        lines: [
          '(function sendToZpaChanges(current) {',
          "  var ADDRESS = 'https://…/webhooks/servicenow';",
          "  var CREDENTIAL = '3f1c…';",
          "  var INTEGRATION_USER = 'zpa.changes';",
          '  …',
        ],
        note: 'The whole of docs/servicenow/business-rule.js; only these three lines are yours.',
      },
    ],
    button: 'Submit',
  },
  'servicenow-ticket': {
    title: 'ServiceNow · Change Request · CHG0040001',
    fields: [
      { label: 'Type', value: 'Normal', kind: 'choice' },
      { label: 'Short description', value: 'Ticket Desk for field service' },
      { label: 'ZPA action', value: 'Add applications', kind: 'choice' },
      { label: 'ZPA group', value: 'Field Service' },
      { label: 'ZPA applications to add', lines: ['Ticket Desk', 'Phone Book'], note: 'One per line.' },
      { label: 'ZPA applications to remove', lines: [''] },
      { label: 'Planned start date', value: '2026-12-01 20:00:00', note: 'Not carried out before. Blank: at once.' },
      { label: 'Planned end date', value: '2026-12-01 22:00:00', note: 'Not begun after.' },
    ],
    button: 'Request Approval',
  },
  'jira-webhook': {
    title: 'Jira · System · WebHooks · Create a WebHook',
    fields: [
      { label: 'Name', value: 'zpa-changes' },
      { label: 'Status', value: 'Enabled', kind: 'choice' },
      { label: 'URL', value: 'https://…/webhooks/jira' },
      { label: 'Secret', value: '', kind: 'secret', note: 'The secret of step 4.' },
      { label: 'Issue related events', value: 'project = ZPA', note: 'JQL: only issues of this project.' },
      { label: 'Issue: created', ticked: true },
      { label: 'Issue: updated', ticked: true },
      { label: 'Exclude body', ticked: false },
    ],
    button: 'Create',
  },
  'jira-automation': {
    title: 'Jira · Automation · Send web request',
    fields: [
      { label: 'Web request URL', value: 'https://…/webhooks/jira-automation' },
      { label: 'HTTP method', value: 'POST', kind: 'choice' },
      { label: 'Web request body', value: 'Custom data', kind: 'choice' },
      {
        label: 'Custom data',
        lines: [
          '{',
          '  "requestId": "{{issue.key}}-{{now}}",',
          '  "timestamp": "{{now}}",',
          '  "ticket": "{{issue.key}}"',
          '}',
        ],
      },
      { label: 'Header: Key', value: 'Content-Type' },
      { label: 'Header: Value', value: 'application/json' },
      { label: 'Header: Key', value: 'X-Automation-Secret' },
      { label: 'Header: Value', value: '', kind: 'secret', note: 'The secret of step 4; tick Hidden beside it.' },
      { label: 'Hidden', ticked: true },
    ],
    button: 'Next',
  },
  'github-webhook': {
    title: 'GitHub · Settings · Webhooks · Add webhook',
    fields: [
      { label: 'Payload URL', value: 'https://…/webhooks/github' },
      { label: 'Content type', value: 'application/json', kind: 'choice' },
      { label: 'Secret', value: '', kind: 'secret', note: 'The secret of step 2.' },
      { label: 'Enable SSL verification', ticked: true },
      { label: 'Individual events', value: 'Issues', kind: 'choice', note: 'Take the tick off Pushes.' },
      { label: 'Active', ticked: true },
    ],
    button: 'Add webhook',
  },
};

/** Every picture as SVG, by its path in the repository. */
export function pictures(): Record<string, string> {
  return Object.fromEntries(Object.entries(FORMS).map(([name, form]) => [`docs/pictures/${name}.svg`, drawForm(form)]));
}

/** Remedies tell what an admin does in the ticket system where a step fails. */

type Kind = 'servicenow' | 'jira';

/** A ticket that the reading account is not shown. */
export const unseenRemedy = (kind: Kind, user: string): string =>
  kind === 'servicenow'
    ? `Check the number. If it is right, ${user} is not shown it: give it the role itil, or read on change_request.`
    : `Check the key. If it is right, ${user} is not shown it: give it Browse projects in the project.`;

/** A call that the ticket system refused: `secret` is the credential that was used. */
export function refusedRemedy(kind: Kind, user: string, secret: string): string {
  const store = `store it anew: zpa-changes secrets set ${secret}`;
  return kind === 'servicenow'
    ? `Check that ${user} is active and not locked out, and its roles. If its password is another one, ${store}.`
    : `Check that the API token of ${user} is valid (it ends after a year at most); make one, and ${store}.`;
}

/** A comment that was not taken. */
export const commentRemedy = (kind: Kind, user: string): string =>
  kind === 'servicenow'
    ? `Give ${user} the role itil: write on change_request and its work notes.`
    : `Give ${user} Add comments in the project.`;

export const approvalRemedy = (kind: Kind, user: string): string =>
  kind === 'servicenow'
    ? `Let a person approve it through an approver record, not by setting the field. If one did, let ${user} read sysapproval_approver (the access rules above).`
    : 'A person has to move it to the approved status: not an app, and not by creating it there. Move it back, and let a person do it.';

export const historyRemedy = (kind: Kind, user: string): string =>
  kind === 'servicenow'
    ? `Let ${user} read all of sys_audit (the access rules above), and tick Audit on change_request and sysapproval_approver. Edits before that are not audited: then make a new test change.`
    : `Let ${user} see the history of the issue: Browse projects, and no security level that hides it.`;

export const transitionRemedy = (kind: Kind, user: string): string =>
  kind === 'servicenow'
    ? `Let ${user} move a change from Implement to Review, with close code and close notes: the role itil, and no business rule or data policy against it. Other states or fields: "tickets.transitions" in the settings.`
    : `Give ${user} Transition issues, add the transition to the workflow, or correct "tickets.transitions" in the settings: the status, or fields that the screen has.`;

/** Tells where the sending side says why a delivery did not arrive, and what that means. */
export function silenceRemedy(system: Kind | 'github' | 'webhook', address: string): string {
  switch (system) {
    case 'servicenow':
      return `Search System Logs > System Log > All for zpa-changes. "there is no credential": copy the sys_id again into the script. "answered 401": the password of the credential is not the secret. "answered 404": the address is not ${address}, or the settings were not in use yet: save the change again. "could not be reached": the instance may not call that address. Nothing: the rule is not active, its table or filter is another one, or ZPA action was blank. Only a delivery from before the approval is recognised: if this change is approved already, make a new one.`;
    case 'jira':
      return `Move the issue back and forth once: what was sent before the settings were in use was refused. Jira tells little: the webhook is enabled, its URL is ${address}, its JQL finds the issue, and its secret is the one that was shown. A rule's audit log shows the answer: 401 is the secret or its header.`;
    case 'github':
      return `See Recent Deliveries of the webhook. 401: the secret differs. 404: the address is not ${address}. 415: the content type is not application/json. Nothing: Issues is not ticked. Then Redeliver.`;
    default:
      return `See the answer that the tool got. 401: its "detail" says whether header, clock or secret is wrong. 404: the address is not ${address}. 400 and 422: the body. docs/any-webhook.md signs one by hand.`;
  }
}

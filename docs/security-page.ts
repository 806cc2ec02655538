import type { Accessible } from '../shared/deployment/permissions.ts';
import { ADDED_PERMISSIONS, ROLE_COMMANDS, ROLES, type Role, type RolePermission } from '../shared/deployment/roles.ts';

/** The resources of a stack in the words of the docs. */
const RESOURCES: Partial<Record<Accessible, string>> = {
  table: 'ledger',
  openIndex: 'its index `open`',
  failedIndex: 'its index `failed`',
  settings: 'settings table',
  changes: '`changes.fifo`',
  failures: '`failures.fifo`',
  outcomes: 'topic `outcomes`',
  reports: 'reports bucket',
  driftObjects: '`drift/*` of the reports',
  auditTrail: 'audit bucket',
  auditLines: '`outcomes/*` and `acts/*` of the audit trail',
  auditActs: '`acts/*` of the audit trail',
  zpaReadSecrets: 'secrets `zpa/*/read`',
  ownSourceSecret: 'secret `source/ops`',
};

const WHO: Record<Role, string> = {
  viewer: 'Sees everything and changes nothing',
  operator: 'Works on changes and lanes, beside what a viewer may',
  steward: 'Decides about drift and what was approved, beside what an operator may',
};

const HEAD = `# Security of the console and the command line

<!-- Generated from shared/deployment/roles.ts: npm run generate -->

For cloud engineers and security reviewers: which role may do what in AWS, and how the console is protected.

\`zpa-changes\` and its console work with the AWS rights of the person who starts them. The product has no users or passwords of its own. AWS decides about every call, and CloudTrail records who made it.

## Roles

The stack contains one IAM policy for each of three roles, named \`NAME-REGION-ROLE\`. They are attached to nobody. Attach one of them to the IAM role or the permission set with which your people sign in; each contains the rights of the roles above it in this list. The outputs \`ViewerPolicyArn\`, \`OperatorPolicyArn\` and \`StewardPolicyArn\` show them:

\`\`\`sh
aws iam attach-role-policy --role-name NETWORK-TEAM --policy-arn "$(aws cloudformation describe-stacks --stack-name NAME \\
  --query "Stacks[0].Outputs[?OutputKey=='OperatorPolicyArn'].OutputValue" --output text)"
\`\`\`
`;

const TAIL = `
No role reads a \`write\` secret, writes to ZPA, or deletes a line of the audit trail. With a [key of your own](deploy.md#what-an-account-may-ask-for), the policies also allow its use, through these services alone.

Rights that no role has are given for the occasion: to [store secrets](deploy.md#the-command-line), to retire a tenant, to deploy. An auditor needs [less than a viewer](audit.md#reading-it).

**What IAM cannot separate.** Accept, revert and baseline send changes as the source \`ops\`, and so does \`submit\`. An operator who signs a delivery by other means than the console can therefore accept drift. Retry, cancel and release write the ledger itself, so an operator who writes it by other means can put a change of any source there, as if it were accepted and approved. The audit trail does not show such a write; CloudTrail data events of the table do. Make nobody an operator who must not decide alone. Give \`ops\` no more [grants](sources.md) than your operators may use. Whoever may push settings decides about all grants; make few people stewards.

**Try a role** in the local demo, which refuses what the policy does not allow: \`ZPA_CHANGES_ROLE=viewer npx zpa-changes console\`.

## The console

\`zpa-changes console\` listens on 127.0.0.1 only. Nothing is deployed for it.

- **Who gets in.** The printed link holds a random token; the link with which a browser is opened works once. The browser keeps it as a cookie (\`HttpOnly\`, \`SameSite=Strict\`), and it ends with the command. Requests with another \`Host\`, from another origin, or without the cookie are refused. Browsers do not keep the cookies of ports apart: while you use the console, open no page of \`127.0.0.1\` or \`localhost\` that another user of the machine may serve.
- **What a page may do.** It loads nothing from elsewhere (\`default-src 'none'\`), runs no inline script, cannot be framed, and is not cached. Text from tickets and ZPA is escaped.
- **Results.** No address contains the sentence that follows a button, so a link cannot forge one.
- **Secrets.** No page shows one. Errors are told by their sentence and remedy, never by a stack.
- **Records.** A button writes the same lines to the [audit trail](audit.md#acts-of-people) as its command, with your IAM principal.

**How it knows your role.** At the start and every five minutes it asks AWS for two writes whose condition never holds: one to a lane, one to the settings. AWS judges them like any other write, with boundaries and policies of the organisation, and writes nothing. A button that your role does not have is disabled and says which role has it. Where AWS gives no clear answer, the buttons work, and a refusal is told in words.
`;

/** docs/security.md: the roles with their rights, and what protects the console. */
export function securityPage(): string {
  const roles = ROLES.map(
    (role) => `
### ${role}

${WHO[role]}: ${ROLE_COMMANDS[role].map((command) => `\`${command}\``).join(', ')}.

${tableOf(ADDED_PERMISSIONS[role])}`,
  );
  return HEAD + roles.join('') + TAIL;
}

function tableOf(permissions: readonly RolePermission[]): string {
  const rows = permissions.map(({ purpose, actions, on, within, listing }) => {
    const only = within ?? listing;
    const parts = only === undefined ? '' : `, only ${only.map((one) => `\`${one}\``).join(' and ')}`;
    const resources = on.map((one) => RESOURCES[one] ?? one).join(', ');
    return `| ${purpose} | ${actions.map((one) => `\`${one}\``).join(', ')} | ${resources}${parts} |\n`;
  });
  return `| To | Actions | Resources |\n|---|---|---|\n${rows.join('')}`;
}

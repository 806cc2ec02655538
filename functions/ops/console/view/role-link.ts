import { type Html, html } from '../../../../shared/domain/html/html.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { ConsoleContext, Role } from '../contract.ts';

type Rights = Pick<ConsoleContext, 'whyNot'>;

/** A link to a page that needs the role, and what to know before; where the person lacks the role, its words and the reason. */
export function roleLink({ whyNot }: Rights, role: Role, to: string, label: string, hint?: string): Html {
  const reason = whyNot(role);
  if (reason === undefined)
    return html`<a href="${to}">${label}</a>${hint !== undefined && html` <small>${hint}</small>`}`;
  return html`<span class="off">${label}</span> <small class="reason">${reason}</small>`;
}

/** Throws an `OpsError` with the reason if the person lacks the role. AWS would refuse too, later and in other words. */
export function requireRole({ whyNot }: Rights, role: Role): void {
  const reason = whyNot(role);
  if (reason === undefined) return;
  const remedy = `Ask the administrators of the AWS account for its policy (docs/security.md).`;
  throw new OpsError(EXIT.failed, 'not-allowed', reason, remedy);
}

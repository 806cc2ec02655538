import type { SourceConfiguration } from '../../domain/configuration/configuration.ts';
import { explainGrants } from './explain-grants.ts';
import {
  bound,
  explainFields,
  flag,
  includesAll,
  looser,
  type Meaning,
  other,
  type Rule,
  type Rules,
  says,
  tighter,
} from './meaning.ts';

type Source = SourceConfiguration;
type Approval = NonNullable<Source['approval']>;

/** States what the differences between two settings of a source mean. */
export function explainSource(before: Source, after: Source): Meaning[] {
  return explainFields(SOURCE_RULES, before, after);
}

const APPROVAL_RULES: Rules<Approval> = {
  gate: says('has its tickets count as approved, submitted or withdrawn by other conditions: read them'),
  selfApproval: flag(looser('takes the requester’s own approval'), tighter('takes no approval of the requester')),
  trustHistory: flag(
    looser('takes tickets whose history cannot be read as unchanged'),
    tighter('refuses tickets whose history cannot be read'),
  ),
  trustPayload: flag(
    looser('accepts a delivery as the approval, without reading the ticket'),
    tighter('does not accept a delivery as the approval'),
  ),
  requirePlan: flag(
    tighter('applies only what a plan on the ticket showed before its approval'),
    looser('applies changes that no plan showed before the approval'),
  ),
  granted: says('has its approval stated in other fields of the delivery'),
  integrationUser: says('has another user whose own events are ignored'),
  reconcileHours: says('has its approved tickets searched for in another period'),
};

const approval: Rule<Source['approval']> = (before, after) => {
  if (before === undefined) return [tighter('has its changes applied with an approved ticket only')];
  if (after === undefined) return [looser('has its changes applied without an approved ticket')];
  return explainFields(APPROVAL_RULES, before, after);
};

const allowedCidrs: Rule<Source['allowedCidrs']> = (before, after) => {
  if (before === undefined) return [tighter('may send from some addresses only')];
  if (after === undefined) return [looser('may send from any address')];
  const added = after.filter((one) => !before.includes(one));
  const removed = before.filter((one) => !after.includes(one));
  return [
    ...(added.length > 0 ? [looser(`may send from ${added.join(', ')} as well`)] : []),
    ...(removed.length > 0 ? [tighter(`may not send from ${removed.join(', ')} any more`)] : []),
    ...(includesAll(before, after) && includesAll(after, before) ? [other('may send from the same addresses')] : []),
  ];
};

const replay: Rule<Source['replay']> = (before, after) => {
  if (after === 'none') return [looser('has deliveries that arrive again told apart by their keys alone')];
  if (before === 'none') return [tighter('has deliveries that arrive again refused')];
  return [other('has deliveries that arrive again told apart in another way')];
};

const SOURCE_RULES: Rules<Source> = {
  scheme: says('proves its deliveries in another way: its secret and its ticket system must follow'),
  toleranceSeconds: bound('seconds that a signed timestamp may be off'),
  replay,
  allowedCidrs,
  system: says('has another ticket system’s name on its changes'),
  ticketUrl: says('has other links to its tickets'),
  mapping: says('has its deliveries read in another way: try it with sources test'),
  tickets: says('has its tickets read and answered in another way: look at its secrets'),
  approval,
  grants: explainGrants,
  catalog: flag(
    looser('may fetch the names that its grants cover'),
    tighter('may not fetch the names that its grants cover'),
  ),
};

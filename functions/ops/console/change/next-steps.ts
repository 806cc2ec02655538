import type { RejectionCode } from '../../../../shared/domain/change/rejection-codes.ts';
import { dismissedBy } from '../../../../shared/domain/ledger/redrive-decision.ts';
import type { LaneStanding } from '../../../../shared/domain/notice/lane-standing.ts';
import type { Outcome } from '../../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { listingAddress } from '../changes/listing-query.ts';
import { ADDRESS, READS_ZPA, type Role } from '../contract.ts';
import { OWNERS, type Owner, ownerOf } from '../failures/owners.ts';
import { addressTo } from '../view/address.ts';
import { addressAbout } from '../view/change-address.ts';

/** One act that is open to one person. `text` may quote what came from outside; `role`: who may open the link, if not everybody. */
export type NextStep = { who: string; text: string; link?: { label: string; to: string; role?: Role } };

/** Lists the next acts on a change, each with its person; the one who has to act comes first. */
export function nextSteps(record: ChangeRecord, standing: LaneStanding | undefined): NextStep[] {
  if (record.state !== 'settled') return [openStep(record, standing)];
  const { outcome, failed, ref } = record;
  if (outcome?.kind === 'rejected') return [failed ? failedStep(record, outcome.code) : closedStep(record)];
  if (outcome?.kind === 'superseded') return [replacedStep(outcome)];
  if (outcome?.kind === 'cancelled') return [{ who: 'Nobody', text: CANCELLED }];
  if (outcome?.kind !== 'applied') return [{ who: 'Nobody', text: 'The change is complete.' }];
  const undo = { label: 'Draft the undo', to: addressAbout(UNDO, ref), role: READS_ZPA };
  const edited =
    outcome.overtaken.length > 0
      ? 'Somebody else edited the group right afterwards. The drift report shows whether that stands.'
      : 'The change is live. To put back what it wrote, draft a change that does.';
  return [{ who: 'Nobody', text: edited, link: undo }];
}

const CANCELLED = 'It is not applied any more. If it is still wanted, its ticket has to be approved again.';

/** The newer change or approval is found by its name, which begins or ends its key; where only a sequence is known, it is not. */
function replacedStep({ by }: Extract<Outcome, { kind: 'superseded' }>): NextStep {
  const text = 'Look at the newer change. If this one is still wanted, it needs a ticket that is approved anew.';
  const link = { label: 'Find the newer change', to: listingAddress({ text: by }) };
  return { who: 'Nobody', text, ...(!by.startsWith('sequence ') && { link }) };
}

/** The page that drafts the inverse of a change. */
export const UNDO = '/change/undo';

function openStep({ state, ref }: ChangeRecord, standing: LaneStanding | undefined): NextStep {
  const lane = { label: 'Open the lane', to: addressTo(ADDRESS.lane, { lane: ref.lane }) };
  if (state === 'scheduled' && standing?.state === 'paused')
    return { who: 'Operator', text: 'Resume the lane before the time of this change comes.', link: lane };
  if (state === 'scheduled') return { who: 'Nobody', text: 'It goes on by itself when its time comes.' };
  if (standing?.state === 'paused')
    return { who: 'Operator', text: 'Resume the lane when its changes may go on.', link: lane };
  if (standing?.state === 'stopped') {
    return {
      who: 'Operator',
      text: 'Fix the cause. The lane tries again by itself; its page says when.',
      link: lane,
    };
  }
  if (standing?.state === 'retrying') {
    return {
      who: 'Nobody yet',
      text: 'It is tried again by itself. If the error stays, look at the lane.',
      link: lane,
    };
  }
  return { who: 'Nobody', text: 'It goes on by itself.' };
}

/** The same person whom the overview and the list of failures name. */
function failedStep({ ref, generation }: ChangeRecord, code: RejectionCode): NextStep {
  const link = { label: 'Preview a retry', to: addressAbout(ADDRESS.failure, ref, { generation }) };
  const owner = ownerOf(code);
  const text = code === 'not-attempted' ? NOT_ATTEMPTED : STEPS_OF_FAILED[owner];
  return { who: OWNERS[owner].title, text, link };
}

const STEPS_OF_FAILED: Record<Owner, string> = {
  operator: 'Fix the cause, then retry it; or dismiss it.',
  'ticket-admin':
    'Allow the change in the settings, then an operator retries it; or tell the requester that it is not allowed.',
  requester: 'Correct the ticket and have it approved again. If the cause is removed in ZPA, an operator retries it.',
};

const NOT_ATTEMPTED =
  'This change needs no correction. Correct the rejected change before it; an operator can retry both together.';

const closedStep = ({ discarded }: ChangeRecord): NextStep =>
  discarded === undefined
    ? {
        who: OWNERS.requester.title,
        text: 'Its approval is over, so it cannot be retried. A corrected ticket needs a new one.',
      }
    : { who: 'Nobody', text: asSentence(`The failure was dismissed by ${dismissedBy(discarded)}`) };

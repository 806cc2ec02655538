import type { LaneStanding } from '../../../../shared/domain/notice/lane-standing.ts';
import { isForOperators, requesterStep } from '../../../../shared/domain/outcome/requester-step.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { ADDRESS } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { addressAbout } from '../view/change-address.ts';

/** What one person may do next. `text` may quote what came from outside. */
export type NextStep = { who: string; text: string; link?: { label: string; to: string } };

/** What is to be done about a change, by whom; the one who has to act first. */
export function nextSteps(record: ChangeRecord, standing: LaneStanding | undefined): NextStep[] {
  if (record.state !== 'settled') return [openStep(record, standing)];
  const { outcome, failed, ref } = record;
  if (outcome?.kind === 'rejected') return failed ? failedSteps(record) : [closedStep(record)];
  if (outcome?.kind !== 'applied') return [{ who: 'Nobody', text: 'The change is complete.' }];
  const undo = { label: 'Draft the undo', to: addressAbout(UNDO, ref) };
  const edited =
    outcome.overtaken.length > 0
      ? 'Somebody else edited the group right afterwards. The drift report shows whether that stands.'
      : 'The change is live. To put back what it wrote, draft a change that does.';
  return [{ who: 'Nobody', text: edited, link: undo }];
}

/** The page that drafts the inverse of a change. */
export const UNDO = '/change/undo';

function openStep({ state, ref }: ChangeRecord, standing: LaneStanding | undefined): NextStep {
  const lane = { label: 'Open the lane', to: addressTo(ADDRESS.lane, { lane: ref.lane }) };
  if (state === 'scheduled') return { who: 'Nobody', text: 'It goes on by itself when its time comes.' };
  if (standing?.state === 'paused')
    return { who: 'Operator', text: 'Resume the lane when its changes may go on.', link: lane };
  if (standing?.state === 'stopped') {
    return {
      who: 'Operator',
      text: 'Fix the cause. The lane tries again by itself, or when it is resumed.',
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

function failedSteps(record: ChangeRecord): NextStep[] {
  const { outcome, ref, generation } = record;
  if (outcome?.kind !== 'rejected') return [];
  const { remedy } = outcome;
  const operator: NextStep = {
    who: 'Operator',
    text: isForOperators(remedy) ? remedy : 'Retry it when the cause is fixed, or dismiss it.',
    link: { label: 'Preview a retry', to: addressAbout(ADDRESS.failure, ref, { generation }) },
  };
  const requester = { who: 'Person who asked', text: requesterStep(outcome) };
  return isForOperators(remedy) ? [operator, requester] : [requester, operator];
}

function closedStep({ discarded, outcome }: ChangeRecord): NextStep {
  if (discarded !== undefined) return { who: 'Nobody', text: `${discarded.by} dismissed the failure.` };
  const text = outcome?.kind === 'rejected' ? asSentence(requesterStep(outcome)) : '';
  return { who: 'Person who asked', text: `${text} Its approval is over, so it cannot be retried.` };
}

import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { pauseLane, resumedSentence, resumeLane } from '../../commands/lanes/pause-lane.ts';
import { readRelease, releaseShown } from '../../commands/lanes/release-lane.ts';
import { userName } from '../../input/user-name.ts';
import { formatTime } from '../../output/describe-change.ts';
import { findLane, laneTitle } from '../../session/lanes.ts';
import { ADDRESS, type ConsoleAct } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { requiredCount, requiredField, requiredReason } from '../view/form-fields.ts';
import { LANE_ACTS, RELEASE_ADDRESS } from './lane-view.ts';
import { releaseMark } from './release-view.ts';

/** Pauses a lane. One that is paused keeps its pause. */
export const pauseAct: ConsoleAct = {
  ...LANE_ACTS.pause,
  async run(context, form) {
    const lane = await findLane(context.session, requiredField(form, 'lane'));
    const to = addressTo(ADDRESS.lane, { lane });
    const { paused, done } = await pauseLane(context, lane, { reason: requiredReason(form), by: userName() });
    const name = laneTitle(context.session.configuration, lane);
    if (done) return { result: 'done', sentence: `The lane of ${name} is paused: ${paused.reason}`, to };
    const since = formatTime(paused.since);
    const sentence = `${paused.by} has paused the lane of ${name} already, since ${since}: ${paused.reason}. Nothing was done.`;
    return { result: 'failed', sentence, to };
  },
};

/** Ends the pause that the page showed, and no other one. */
export const resumeAct: ConsoleAct = {
  ...LANE_ACTS.resume,
  async run(context, form) {
    const { session } = context;
    const lane = await findLane(session, requiredField(form, 'lane'));
    const to = addressTo(ADDRESS.lane, { lane });
    const { paused, stopped } = await resumeLane(context, lane, Number(requiredField(form, 'since')));
    if (paused === undefined)
      return {
        result: 'done',
        sentence: resumedSentence(
          `The lane of ${laneTitle(session.configuration, lane)}`,
          stopped,
          session.clock.now(),
        ),
        to,
      };
    const name = laneTitle(session.configuration, lane);
    const sentence = `${paused.by} has paused the lane of ${name} anew, since ${formatTime(paused.since)}: ${paused.reason}. Nothing was done.`;
    return { result: 'failed', sentence, to };
  },
};

/** Closes the unconfirmed writes of a lane as they were shown. Does nothing if lane or groups are not as they were shown. */
export const releaseAct: ConsoleAct = {
  ...LANE_ACTS.release,
  async run(context, form) {
    const lane = await findLane(context.session, requiredField(form, 'lane'));
    const reason = requiredReason(form);
    const version = requiredCount(form, 'version');
    const name = laneTitle(context.session.configuration, lane);
    const read = await readRelease(context, lane);
    if (read.lane.version !== version || releaseMark(read) !== requiredField(form, 'shown')) {
      const changed = `The lane of ${name} or its groups are not as the page showed. Nothing was done. Review them again.`;
      return { result: 'failed', sentence: changed, to: addressTo(RELEASE_ADDRESS, { lane }) };
    }
    const settled = await releaseShown(context, read, { reason, by: userName() });
    const sentence = `The lane of ${name} continues. ${formatCount(settled.length, 'change')} closed. Review each, then retry or dismiss it.`;
    return { result: 'done', sentence, to: ADDRESS.failures };
  },
};

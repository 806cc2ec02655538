import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { readRelease } from '../../commands/lanes/release-lane.ts';
import { findLane, laneTitle } from '../../session/lanes.ts';
import { ADDRESS, type ConsoleAct, type ConsolePage, READS_ZPA } from '../contract.ts';
import { requiredField } from '../view/form-fields.ts';
import { requireRole } from '../view/role-link.ts';
import { pauseAct, releaseAct, resumeAct } from './lane-acts.ts';
import { laneView, RELEASE_ADDRESS } from './lane-view.ts';
import { lanesView } from './lanes-view.ts';
import { readLanePage, readLanes } from './read-lanes.ts';
import { releaseView } from './release-view.ts';

const REFRESH_MS = 5000;

const lanesPage: ConsolePage = {
  path: ADDRESS.lanes,
  label: 'Lanes',
  async render(context) {
    const body = lanesView(await readLanes(context.session), context.now());
    return { title: 'Lanes', body, refreshMs: REFRESH_MS };
  },
};

const lanePage: ConsolePage = {
  path: ADDRESS.lane,
  async render(context, query) {
    const after = Number(/^\d{1,15}$/.exec(query.get('after') ?? '')?.[0] ?? '0');
    const page = await readLanePage(context.session, requiredField(query, 'lane'), after);
    const { tenants, lane } = page.shown;
    const title = `Lane of ${visible(tenants.length === 0 ? lane : tenants.join(', '))}`;
    return { title, body: laneView(context, page), refreshMs: REFRESH_MS };
  },
};

/** It reads ZPA, so it is read on request alone. */
const releasePage: ConsolePage = {
  path: RELEASE_ADDRESS,
  async render(context, query) {
    requireRole(context, READS_ZPA);
    const lane = await findLane(context.session, requiredField(query, 'lane'));
    const title = `Release the lane of ${visible(laneTitle(context.session.configuration, lane))}`;
    return { title, body: releaseView(context, await readRelease(context, lane)) };
  },
};

/** Pages and buttons of lanes. */
export const LANES: { pages: readonly ConsolePage[]; acts: readonly ConsoleAct[] } = {
  pages: [lanesPage, lanePage, releasePage],
  acts: [pauseAct, resumeAct, releaseAct],
};

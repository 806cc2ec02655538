import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { describeRecord } from '../../output/describe-request.ts';
import { ADDRESS, type ConsolePage } from '../contract.ts';
import { failureView, handledView } from './failure-view.ts';
import { failuresView } from './failures-view.ts';
import { findShown, handledBy, readPlan, readPreview } from './read-failure.ts';
import { readFailures } from './read-failures.ts';

const REFRESH_MS = 15_000;

/** The failures that wait for a person. */
export const failuresPage: ConsolePage = {
  path: ADDRESS.failures,
  label: 'Failures',
  async render(context, query) {
    const list = await readFailures(context.session, query);
    const body = failuresView(list, context.session.configuration, context.now());
    return { title: 'Failures', body, refreshMs: REFRESH_MS };
  },
};

/** The preview of a retry. It is read on request alone, so that a button always does what was read before it. */
export const failurePage: ConsolePage = {
  path: ADDRESS.failure,
  async render(context, query) {
    const { record, generation } = await findShown(context.session, query);
    const title = `Failure: ${visible(describeRecord(record), 120)}`;
    const handled = handledBy(record, generation);
    if (handled !== undefined) return { title, body: handledView(record, handled) };
    const preview = await readPreview(context, record);
    const plan = query.get('plan') === null ? undefined : await readPlan(context, record);
    return { title, body: failureView(context, { ...preview, plan }) };
  },
};

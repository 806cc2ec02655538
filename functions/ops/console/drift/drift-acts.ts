import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import { laneName } from '../../../../shared/domain/lane/change-ref.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { ignoreNow } from '../../commands/drift/drift-ignore.ts';
import { type Offered, sendOffered } from '../../commands/drift/plan-offer.ts';
import { userName } from '../../input/user-name.ts';
import { formatTime } from '../../output/describe-change.ts';
import type { OpsSession } from '../../session/compose.ts';
import { instantOf } from '../../session/instant.ts';
import { findFindings } from '../../session/read-drift.ts';
import { type ActResult, ADDRESS, type ConsoleAct } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { requiredField, requiredReason } from '../view/form-fields.ts';
import { FINDING_ADDRESS } from './finding-parts.ts';
import { valueMark } from './finding-view.ts';
import { type Offers, planAll, refusalOf } from './read-offer.ts';
import { laneOf, tenantOf } from './read-report.ts';
import { DRIFT_ACTS } from './resolve-form.ts';

/**
 * Sends the changes that a preview showed, once. They are planned again first: nothing is sent if one of them would be rejected
 * now, because somebody edited the group meanwhile.
 */
export const sendAct = (offers: Offers): ConsoleAct => ({
  ...DRIFT_ACTS.send,
  async run(context, form): Promise<ActResult> {
    const { session } = context;
    const offer = offers.find(requiredField(form, 'preview'));
    if (offer === undefined) {
      const sentence = 'This preview is not kept any more. Nothing was sent. Open it again from the findings.';
      return { result: 'failed', sentence, to: addressTo(ADDRESS.drift, { lane: form.get('lane') ?? '' }) };
    }
    const { lane, ticket, offered, purpose } = offer;
    const to = addressTo(ADDRESS.changes, { q: ticket });
    if (await areSent(session, offered)) {
      return { result: 'done', sentence: 'These changes were sent already. Nothing was sent again.', to };
    }
    const refusal = refusalOf(offer, await planAll(context, purpose, offered));
    if (refusal !== undefined) {
      const sentence = 'One of the changes would be rejected now. Nothing was sent. Look at the findings again.';
      return { result: 'failed', sentence, to: addressTo(ADDRESS.drift, { lane }) };
    }
    const sent = await sendOffered(context, offer, offered);
    const what = `${formatCount(sent.length, 'change')} accepted under ${ticket}.`;
    return { result: 'done', sentence: `${what} The next report says whether the findings are closed.`, to };
  },
});

/** The ledger has the changes already: after a second click, or another person who did the same. */
async function areSent({ ledger, configuration, target }: OpsSession, offered: readonly Offered[]): Promise<boolean> {
  for (const { change } of offered) {
    const tenant = lookup(configuration.tenants, change.tenant);
    if (tenant === undefined) return false;
    const { tenant: name, idempotencyKey } = change;
    const ref = { lane: laneName(tenant), source: target.source, tenant: name, idempotencyKey };
    if ((await ledger.readChange(ref)) === undefined) return false;
  }
  return offered.length > 0;
}

/** Ignores a finding for the value that its page showed. Reads ZPA first, and does nothing if another value lives now. */
export const ignoreAct: ConsoleAct = {
  ...DRIFT_ACTS.ignore,
  async run(context, form) {
    const { configuration } = context.session;
    const lane = laneOf(configuration, requiredField(form, 'lane')) ?? '';
    const id = requiredField(form, 'id');
    const reason = requiredReason(form);
    const until = instantOf('"until"', requiredField(form, 'until'));
    const extent = { rules: false, applications: false };
    const [found] = await findFindings(context, [id], tenantOf(configuration, lane), extent);
    const finding = found?.findings[0];
    if (found === undefined || finding === undefined || valueMark(finding) !== requiredField(form, 'shown')) {
      const sentence = `Another value lives in ZPA now than the page of ${id} showed. Nothing was done.`;
      return { result: 'failed', sentence, to: addressTo(FINDING_ADDRESS, { lane, id, now: 1 }) };
    }
    const deletion = form.get('deletion') === 'yes';
    const added = await ignoreNow(context, found.reading.lane, finding, { reason, until, by: userName(), deletion });
    const end = formatTime(added.until);
    const sentence = `${id} is ignored until ${end}, unless another value lives before that.`;
    return { result: 'done', sentence, to: addressTo(ADDRESS.drift, { lane }) };
  },
};

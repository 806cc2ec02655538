import type { Finding } from '../../../../shared/domain/drift/report.ts';
import { acceptFindings } from '../../../../shared/domain/drift/resolve/accept-findings.ts';
import { joined } from '../../../../shared/domain/drift/resolve/resolution.ts';
import { revertFindings } from '../../../../shared/domain/drift/resolve/revert-findings.ts';
import type { PlannedForSource } from '../../../../shared/reading/plan-for-source.ts';
import {
  checkTicket,
  type Offer,
  type Offered,
  offeredChanges,
  planOffered,
  whyNothingSent,
} from '../../commands/drift/plan-offer.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { CommandContext } from '../../session/command.ts';
import { findFindings } from '../../session/read-drift.ts';
import { requiredField } from '../view/form-fields.ts';
import type { Kept } from '../view/kept.ts';
import { laneOf, tenantOf } from './read-report.ts';

/** The changes of a preview, as its button sends them. */
export type KeptOffer = Offer & { lane: string; ids: readonly string[]; offered: readonly Offered[] };

export type Offers = Kept<KeptOffer>;

/** `refusal`: why nothing can be sent. `names`: of groups and application segments by id. */
export type OfferPreview = {
  offer: KeptOffer;
  findings: readonly Finding[];
  names: ReadonlyMap<string, string>;
  planned: readonly (Offered & { plan: PlannedForSource | undefined })[];
  refusal: OpsError | undefined;
};

const RESOLVE = { accept: acceptFindings, revert: revertFindings };

/** Findings that are resolved at a time: each change is planned, and ZPA allows few reads. */
const MAX_IDS = 20;

/** Reads the lane now and makes the changes that accept or revert the named findings, with their plan. */
export async function readOffer(context: CommandContext, query: URLSearchParams): Promise<OfferPreview> {
  const { configuration } = context.session;
  const lane = laneOf(configuration, requiredField(query, 'lane')) ?? '';
  const purpose = query.get('do') === 'revert' ? 'revert' : 'accept';
  const ticket = checkTicket(requiredField(query, 'ticket'));
  const ids = [...new Set(query.getAll('id'))];
  if (ids.length === 0) throw wrong('No finding is marked.', 'Go back and mark those that you mean.');
  if (ids.length > MAX_IDS) throw wrong(`${ids.length} findings are marked.`, `Mark at most ${MAX_IDS} at a time.`);
  const extent = { rules: false, applications: true };
  const found = await findFindings(context, ids, tenantOf(configuration, lane), extent);
  const resolution = joined(found.map(({ reading, findings }) => RESOLVE[purpose](findings, reading.state)));
  const offered = offeredChanges(context, { purpose, ticket, resolution });
  const planned = await planAll(context, purpose, offered);
  const offer: KeptOffer = { purpose, ticket, resolution, lane, ids, offered };
  return {
    offer,
    findings: found.flatMap(({ findings }) => findings),
    names: new Map(found.flatMap(({ reading }) => [...reading.names])),
    planned,
    refusal: refusalOf(offer, planned),
  };
}

const wrong = (sentence: string, remedy: string) => new OpsError(EXIT.usage, 'bad-selection', sentence, remedy);

/** Plans those changes that can be planned now. */
export async function planAll(context: CommandContext, purpose: Offer['purpose'], offered: readonly Offered[]) {
  const planned: (Offered & { plan: PlannedForSource | undefined })[] = [];
  for (const one of offered) planned.push({ ...one, plan: await planOffered(context, purpose, one) });
  return planned;
}

/** Why nothing is sent; undefined: it can be. */
export const refusalOf = (offer: Offer, planned: OfferPreview['planned']): OpsError | undefined =>
  whyNothingSent(
    offer,
    planned.map(({ change, plan }) => ({ change, decision: plan?.decision })),
  );

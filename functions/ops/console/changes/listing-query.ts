import { type ChosenOutcome, OUTCOME_WORDS, outcomeNamed } from '../../changes/change-row.ts';
import type { ChangeFilters } from '../../changes/matcher.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import { instantOf } from '../../session/instant.ts';
import { ADDRESS } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { optionalField } from '../view/form-fields.ts';

/** The filters of the page of changes, which its address carries. */
export type ListingQuery = { filters: ChangeFilters; page: number };

const FIELDS = ['tenant', 'source', 'since', 'until'] as const;

/** Reads the address of the page; a field that is left blank chooses nothing. Throws an `OpsError` for one that is invalid. */
export function readListingQuery(query: URLSearchParams): ListingQuery {
  const read = (name: string) => optionalField(query, name);
  const filters: ChangeFilters = {};
  const text = read('q');
  if (text !== undefined) filters.text = text;
  for (const name of FIELDS) {
    const value = read(name);
    if (value !== undefined) filters[name] = value;
  }
  const outcome = read('outcome');
  if (outcome !== undefined) filters.outcome = outcomeOf(outcome);
  for (const name of ['since', 'until'] as const) {
    const value = filters[name];
    if (value !== undefined) instantOf(name === 'since' ? 'From' : 'Before', value);
  }
  return { filters, page: pageOf(read('page') ?? '1') };
}

function outcomeOf(text: string): ChosenOutcome {
  const outcome = outcomeNamed(text);
  if (outcome !== undefined) return outcome;
  const remedy = `Choose one of: ${OUTCOME_WORDS.join(', ')}.`;
  throw new OpsError(EXIT.usage, 'bad-option', `There is no outcome "${text}".`, remedy);
}

function pageOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new OpsError(EXIT.usage, 'bad-option', `There is no page "${text}".`, 'Choose one of the list.');
}

/** The address of a page of the list with these filters. */
export const listingAddress = ({ text, ...filters }: ChangeFilters, page = 1): string =>
  addressTo(ADDRESS.changes, { q: text, ...filters, page: page === 1 ? undefined : page });

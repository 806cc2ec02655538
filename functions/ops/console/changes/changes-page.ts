import { ADDRESS, type ConsolePage } from '../contract.ts';
import { readListingQuery } from './listing-query.ts';
import { listingView } from './listing-view.ts';
import { knownChanges, readListing } from './read-listing.ts';

/** While the ledger is read, and when everything is known. */
const REFRESH_MS = { reading: 1000, followed: 3000 };

export const changesPage: ConsolePage = {
  path: ADDRESS.changes,
  label: 'Changes',
  async render(context, query) {
    const asked = readListingQuery(query);
    const listing = await readListing(context, knownChanges(context), asked);
    const { tenants, sources } = context.session.configuration;
    const choices = { tenants: Object.keys(tenants), sources: Object.keys(sources) };
    const refreshMs = listing.progress.isComplete ? REFRESH_MS.followed : REFRESH_MS.reading;
    return { title: 'Changes', body: listingView(listing, asked, choices), refreshMs };
  },
};

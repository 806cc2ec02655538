import { describe, expect, it } from 'vitest';
import { documentHead } from '../../../../functions/ops/console/server/layout.ts';
import { PAGES } from '../../../../functions/ops/console/server/pages.ts';

/** The entries of the navigation that are marked on the page of this path. */
function markedOn(path: string): [address: string | undefined, current: string | undefined][] {
  const frame = { pages: PAGES, path, about: [], notice: undefined, query: '' };
  const marks = documentHead(frame, 'Title').html.matchAll(/<a href="([^"]*)" aria-current="([^"]*)">/g);
  return [...marks].map(([, address, current]) => [address, current]);
}

describe('the navigation', () => {
  it('marks the entry of the page that is open', () => {
    const labelled = PAGES.filter(({ label }) => label !== undefined);
    expect(labelled.map(({ path }) => markedOn(path))).toEqual(labelled.map(({ path }) => [[path, 'page']]));
  });

  it('marks on a page below a list the entry of that list, which is another page', () => {
    const below = PAGES.filter(({ label }) => label === undefined).map(({ path }) => path);
    expect(below).toEqual(expect.arrayContaining(['/change', '/failure/edit', '/lane/release', '/drift/finding']));
    for (const path of below) {
      const list = ['/changes', '/failures', '/lanes', '/drift'].filter((one) => one.startsWith(path.slice(0, 5)));
      expect([path, markedOn(path)]).toEqual([path, list.map((one) => [one, 'true'])]);
    }
  });

  it('marks nothing where there is no page', () => {
    expect(markedOn('/nowhere')).toEqual([]);
  });
});

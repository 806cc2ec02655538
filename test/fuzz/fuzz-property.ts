import fc from 'fast-check';
import { play } from './fuzz-world.ts';
import { requests } from './hostile-requests.ts';
import { breachesOf } from './judge-observed.ts';

/** Any request at all is answered, and brings about nothing it must not. `onPlayed`: the statuses it was answered with. */
export function anyRequest(onPlayed: (statuses: number[]) => void = () => undefined) {
  return fc.asyncProperty(requests, async (request) => {
    const observed = await play(request);
    onPlayed(observed.answers.map(({ statusCode = 0 }) => statusCode));
    const breaches = breachesOf(request, observed);
    if (breaches.length > 0) throw new Error(breaches.join('\n'));
  });
}

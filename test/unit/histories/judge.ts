import { judgeBudget } from './judge-budget.ts';
import { judgeConfiguration } from './judge-configuration.ts';
import { judgeConservation } from './judge-conservation.ts';
import { judgeEffects } from './judge-effects.ts';
import { judgeLiveness } from './judge-liveness.ts';
import { judgeOrder } from './judge-order.ts';
import { judgeReplay } from './judge-replay.ts';
import { judgeTurn } from './judge-turn.ts';
import { judgeNeighbour } from './neighbour.ts';
import type { Played } from './play-history.ts';

/** Holds a played history against the promises; one sentence per breach. */
export function judge(played: Played): string[] {
  if (played.endless !== undefined) return [played.endless];
  const { chronicle } = played.scene;
  return [
    ...(played.settled ? [] : ['something is open after a day']),
    ...chronicle.violations,
    ...judgeConservation(played),
    ...judgeEffects(played.scene),
    ...judgeConfiguration(played.scene),
    ...judgeTurn(played.scene),
    ...judgeReplay(played.scene),
    ...judgeOrder(played.scene),
    ...judgeBudget(chronicle),
    ...judgeLiveness(played.scene),
    ...judgeNeighbour(played.scene.neighbour, chronicle),
  ];
}

import { ADDRESS } from '../../functions/ops/console/contract.ts';
import { foreign, type Html, html } from '../../shared/domain/html/html.ts';
import type { World } from '../world/world.ts';

/**
 * The drift reports of the demo. A button begins them and does not wait, because ZPA's rate limits stretch them to
 * minutes.
 */
export type DriftRun = {
  /** False: they are being made already. */
  begin(): boolean;
  view(): Html | undefined;
};

const RUNNING = html`<p class="hint">The drift reports are being made. ZPA's rate limit leaves them 2 reads in 10 s, so this takes a minute or two.</p>`;
const DONE = html`<p class="hint">Each lane has a new drift report: <a href="${ADDRESS.drift}">Drift</a>.</p>`;
const failed = (error: unknown) =>
  html`<p class="warning">The drift reports could not be made: ${foreign(error instanceof Error ? error.message : String(error))}</p>`;

export function createDriftRun(world: Pick<World, 'runDrift'>): DriftRun {
  let view: Html | undefined;
  const end = (how: Html) => {
    view = how;
  };
  return {
    begin() {
      if (view === RUNNING) return false;
      view = RUNNING;
      world.runDrift().then(
        () => end(DONE),
        (error: unknown) => end(failed(error)),
      );
      return true;
    },
    view: () => view,
  };
}

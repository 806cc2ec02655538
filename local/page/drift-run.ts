import { ADDRESS } from '../../functions/ops/console/contract.ts';
import { type Html, html } from '../../shared/domain/html/html.ts';
import type { World } from '../world/world.ts';

/** The drift reports of the demo. A button begins them and does not wait, because ZPA's rate limits stretch them to minutes. */
export type DriftRun = {
  /** False: they are being made already. */
  begin(): boolean;
  view(): Html | undefined;
};

const VIEWS = {
  none: undefined,
  running: html`<p class="hint">The drift reports are being made. ZPA's rate limit leaves them 2 reads in 10 s, so this takes up to three minutes.</p>`,
  done: html`<p class="hint">Each lane has a new drift report: <a href="${ADDRESS.drift}">Drift</a>.</p>`,
  failed: html`<p class="warning">The drift reports could not be made. The terminal says why.</p>`,
};

export function createDriftRun(world: Pick<World, 'runDrift'>): DriftRun {
  let state: keyof typeof VIEWS = 'none';
  return {
    begin() {
      if (state === 'running') return false;
      state = 'running';
      world.runDrift().then(
        () => {
          state = 'done';
        },
        () => {
          state = 'failed';
        },
      );
      return true;
    },
    view: () => VIEWS[state],
  };
}

import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { Outside } from './outside/outside.ts';
import type { Cdk } from './product/cdk.ts';
import type { Clients } from './product/clients.ts';
import type { Product } from './product/product.ts';
import type { RemoveForGood } from './product/remove-for-good.ts';
import type { Say } from './report/steps.ts';
import { until } from './report/until.ts';
import type { Site } from './site/site.ts';

/** All that a story needs: the account, the deployed product, and the world around it. */
export type Deployment = {
  root: string;
  /** Folder of this run; it is removed at the end. */
  home: string;
  site: Site;
  clients: Clients;
  cdk: Cdk;
  product: Product;
  outside: Outside;
  removeForGood: RemoveForGood;
  signal: AbortSignal;
};

/** One story of the deployed product; returns what was seen. */
export type Story = (deployment: Deployment, say: Say) => Promise<string>;

/** Waits until the change has an outcome at this generation, and everything it owes is sent. */
export async function awaitSettled(
  { product, signal }: Deployment,
  say: Say,
  key: string,
  generation = 1,
): Promise<ChangeRecord> {
  return until(`the outcome of ${key}`, { say, signal }, async () => {
    const found = (await product.changes()).find(({ ref }) => ref.idempotencyKey === key);
    const settled = found?.state === 'settled' && found.pending.length === 0 && found.generation >= generation;
    return settled ? found : undefined;
  });
}

/** Waits until the ticket of a source has changes that are all settled. */
export async function awaitTicket({ product, signal }: Deployment, say: Say, id: string): Promise<ChangeRecord[]> {
  return until(`the outcome of ${id}`, { say, signal }, async () => {
    const found = (await product.changes()).filter(({ ticket }) => ticket.id === id);
    const settled = found.every(({ state, pending }) => state === 'settled' && pending.length === 0);
    return found.length > 0 && settled ? found : undefined;
  });
}

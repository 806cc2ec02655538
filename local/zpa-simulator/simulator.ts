import { setTimeout as delay } from 'node:timers/promises';
import { createDice } from './behaviour/chance.ts';
import { createQuirks, type Quirks } from './behaviour/chosen-quirks.ts';
import { createFaults } from './behaviour/faults.ts';
import { createMovingLists } from './behaviour/moving-lists.ts';
import { createGatewayCounter, createRateLimits, type LimitMode } from './behaviour/rate-limits.ts';
import { createCallLog } from './call-log.ts';
import { CONSOLE_ADMIN, type Console, createConsole } from './console/console.ts';
import { readSeed } from './console/plant.ts';
import { createControl } from './control.ts';
import { GATEWAY_LIMIT } from './gateway/headers.ts';
import { createTokens } from './gateway/tokens.ts';
import { type Journal, type JournalState, noJournal, openJournal } from './journal.ts';
import { listen } from './server.ts';
import type { SimulatorParts } from './simulator-parts.ts';
import type { Control } from './surface.ts';
import { DEFAULT_SEED } from './tenant/default-seed.ts';
import type { Effect } from './tenant/documents.ts';
import { createReadLag, type LagSettings, READ_KINDS } from './tenant/read-lag.ts';
import { type Credential, type CredentialInput, credentialSchema, type SeedInput } from './tenant/seed.ts';
import { createStore } from './tenant/store.ts';

export type SimulatorOptions = {
  /** 0 (the default): a free one. Always on 127.0.0.1. */
  port?: number;
  /** Default: `off`, because tests state their own. */
  limits?: LimitMode;
  /** Added to every answer. */
  latencyMs?: number;
  quirks?: Readonly<Record<string, string | undefined>>;
  /** As in docs/simulator.md; default: the default seed. Ignored where the data folder holds a world. */
  seed?: SeedInput;
  /** Besides the seed's. */
  credentials?: readonly CredentialInput[];
  /** Keeps every write over SIGKILL; default: in memory only. */
  dataFolder?: string;
  /** Epoch milliseconds. */
  now?: () => number;
  /** The passing of latency and delayed effects; default: real time. Rejects when the signal aborts. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Same number, same request ids. */
  randomSeed?: number;
  /** Lifetime of tokens in seconds: OneAPI 83999, legacy 3600. */
  tokenSeconds?: number;
  /** PEM texts: serves https on the same port too, and CONNECT as a proxy for clients that know only real hosts. */
  tls?: { cert: string; key: string };
};

/** A running simulator. `url` has no path: append `/zpa/mgmtconfig/…`, `/oauth2/v1/token`, `/mgmtconfig/…`, `/signin`. */
export type Simulator = Control & { url: string; port: number; close(): Promise<void> };

/** A ZPA of our own on 127.0.0.1: OneAPI and legacy on one port. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = readSeed(options.seed ?? DEFAULT_SEED);
  const first = (): JournalState => ({ world: structuredClone(seed.world), calls: [], tokenEpoch: 0 });
  const opened =
    options.dataFolder === undefined
      ? { journal: noJournal, restored: first() }
      : openJournal(options.dataFolder, first);
  const nowMs = options.now ?? Date.now;
  const state = createState(options, opened.restored, seed.credentials, nowMs);
  const closing = new AbortController();
  const simulator = assemble(state, opened.journal, first);
  const control = createControl(simulator);
  const parts: SimulatorParts = { ...state, journal: opened.journal, control, closing: closing.signal };
  const server = await listen(parts, options.port ?? 0, options.tls).catch((error) => {
    opened.journal.close();
    throw error;
  });
  return {
    ...simulator,
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    close: async () => {
      closing.abort();
      await server.close();
      opened.journal.close();
    },
  };
}

function createState(options: SimulatorOptions, restored: JournalState, seeded: Credential[], nowMs: () => number) {
  const quirks = createQuirks(options.quirks);
  // Apart from the dice of ids and times, which stay the same whether or not reads lag.
  const chance = createDice((options.randomSeed ?? 1) + 1);
  const readLag = createReadLag(() => lagSettings(quirks), chance.random, nowMs);
  const added = (options.credentials ?? []).map((one) => credentialSchema.parse(one));
  return {
    nowMs,
    store: createStore(restored.world, readLag),
    readLag,
    movingLists: createMovingLists(() => quirks.get('list-moves'), chance.random),
    log: createCallLog(restored.calls),
    quirks,
    limits: createRateLimits(options.limits ?? 'off'),
    tokens: createTokens(TOKEN_KEY, restored.tokenEpoch),
    credentials: [...seeded, ...added],
    faults: createFaults(),
    dice: createDice(options.randomSeed ?? 1),
    gateway: createGatewayCounter(GATEWAY_LIMIT, 60_000),
    latencyMs: () => options.latencyMs ?? 0,
    sleep: options.sleep ?? ((ms: number, signal: AbortSignal) => delay(ms, undefined, { signal })),
    lifetimes: { oneapi: options.tokenSeconds ?? 83_999, legacy: options.tokenSeconds ?? 3_600 },
  };
}

/** Tokens open nothing but this simulator, whose secret is printed at its start: a fixed key lets them outlive it. */
const TOKEN_KEY = 'zpa-simulator';

function lagSettings(quirks: Quirks): LagSettings {
  const [reads, kind] = [quirks.get('read-lag'), quirks.get('read-lag-of')];
  return {
    reads: reads === 'off' ? 0 : Number(reads),
    kinds: kind === 'every-read' ? READ_KINDS : [kind],
    order: quirks.get('read-lag-order'),
  };
}

type State = ReturnType<typeof createState>;

function assemble(state: State, journal: Journal, first: () => JournalState): Control {
  const { store, readLag, movingLists, log, tokens, credentials, quirks, faults, limits, nowMs } = state;
  const replace = (): void =>
    journal.replace({ world: store.snapshot(), calls: log.all(), tokenEpoch: tokens.epoch() });
  const nowSeconds = (): string => String(Math.floor(nowMs() / 1000));
  const commit = (effects: Effect[]): void => journal.commit({ effects, counters: store.counters() });
  const storeOf = (customerId: string, admin = CONSOLE_ADMIN): Console =>
    createConsole(store, customerId, nowSeconds, commit, admin);
  const customers = store.customerIds();
  return {
    customers,
    store: storeOf(customers[0] ?? ''),
    storeOf,
    view: (customerId) => store.view(customerId),
    log,
    faults,
    quirks,
    limits,
    lagOnly: readLag.only,
    expireTokens: () => {
      tokens.expireAll();
      journal.commit({ effects: [], counters: store.counters(), tokenEpoch: tokens.epoch() });
    },
    addCredential: (credential) => {
      credentials.unshift(credentialSchema.parse(credential));
    },
    reset: () => {
      store.restore(first().world);
      log.clear();
      faults.clear();
      limits.reset();
      quirks.reset();
      readLag.only(undefined);
      movingLists.reset();
      replace();
    },
    snapshot: () => structuredClone(store.snapshot()),
    restore: (snapshot) => {
      store.restore(structuredClone(snapshot));
      replace();
    },
  };
}

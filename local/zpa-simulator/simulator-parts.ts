import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dice } from './behaviour/chance.ts';
import type { Faults } from './behaviour/faults.ts';
import type { GatewayCounter } from './behaviour/rate-limits.ts';
import type { CallLog } from './call-log.ts';
import type { Address } from './gateway/address.ts';
import type { ControllerParts } from './gateway/controller.ts';
import type { Journal } from './journal.ts';

/** Everything a call is worked with. */
export type SimulatorParts = ControllerParts & {
  log: CallLog;
  journal: Journal;
  faults: Faults;
  dice: Dice;
  gateway: GatewayCounter;
  latencyMs: () => number;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Seconds a token lives, by sign-in. */
  lifetimes: { oneapi: number; legacy: number };
  control: (request: IncomingMessage, response: ServerResponse, path: string, body: string) => void;
  /** Aborts what still waits when the simulator closes. */
  closing: AbortSignal;
};

/** A call with its body read. */
export type ReceivedCall = {
  at: number;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  address: Exclude<Address, { to: 'control' }>;
  bodyText: string;
};

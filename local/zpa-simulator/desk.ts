import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Address } from './address.ts';
import type { CallLog } from './call-log.ts';
import type { Dice } from './chance.ts';
import type { ControllerParts } from './controller.ts';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { GatewayCounter } from './rate-limits.ts';

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

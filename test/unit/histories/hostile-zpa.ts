import type { ZpaWrite } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import type { RateLimiter, Zpa } from '../../../shared/ports/ports.ts';
import { collect } from '../../../shared/reading/retry-read.ts';
import { faultRowOf, findFaultRow, type Observed } from '../../../shared/zpa/http/faults.ts';
import { ZpaError } from '../../../shared/zpa/http/zpa-error.ts';
import { carryOut, RefusedByZpa } from './carry-out.ts';
import type { FaultKind, History, ReadKind } from './history.ts';
import { type Life, never } from './life.ts';
import type { Scene } from './scene.ts';

/** ZPA as a history has it: slow, failing as scripted, and everything that leaves for it is written down. */

const TIMEOUT_MS = 20_000;
const SILENCE_MS = 4000;

type Signs = Omit<Observed, 'on'>;
const NO_ANSWER: Signs = { networkCode: 'UND_ERR_HEADERS_TIMEOUT' };
const CUT: Signs = { networkCode: 'ECONNRESET' };

/** The signs of each fault, as a caller sees them; the product's own table classifies them. */
const SIGNS: Record<FaultKind, Signs> = {
  limited: { status: 429 },
  timeout: NO_ANSWER,
  'done-timeout': NO_ANSWER,
  late: NO_ANSWER,
  error: { status: 500 },
  'done-error': { status: 500 },
  gateway: { status: 502 },
  lost: CUT,
  'done-lost': CUT,
  refused: { status: 400, zpaId: 'invalid.resource.argument' },
  odd: { status: 418 },
  busy: { status: 409, zpaId: 'api.concurrent.access.error' },
};
const REFUSALS = {
  'not-found': { status: 400, zpaId: 'resource.not.found' },
  'already-exists': { status: 400, zpaId: 'resource.already.exist' },
  referenced: { status: 400, zpaId: 'resource.referenced' },
} as const satisfies Record<RefusedByZpa['reason'], Signs>;

const DONE = new Set<FaultKind | undefined>(['done-timeout', 'done-error', 'done-lost']);
const SLOW = new Set<FaultKind | undefined>(['timeout', 'done-timeout', 'late']);

type Of = { on: 'read' | 'write'; method: string; argument?: unknown; signal?: AbortSignal | undefined };
type Sending = { sendBefore: number; checked(): Promise<void> };
const AT_ANY_TIME: Sending = { sendBefore: Number.POSITIVE_INFINITY, checked: async () => undefined };

export function hostileZpa(scene: Scene, limiter: RateLimiter, life: Life): Zpa {
  const { clock, chronicle, tenant } = scene;
  /** ZPA as the replica shows it that answers this read. */
  const at = (kind: ReadKind, id = '') => scene.replicas.tenantFor(kind, id, life).client(FREE);
  const inner = () => tenant.client(FREE);
  const readAt = new Map<string, number>();

  /** Waits for the budget, sends, meets what is scripted; `act` is what happens at ZPA. */
  async function call<T>(of: Of, sending: Sending, act: (sentAt: number) => Promise<T>): Promise<T> {
    const { on, signal } = of;
    const answered = await limiter.take(on, signal).catch(() => Promise.reject(named('aborted', of, true)));
    try {
      return await send(of, sending, act);
    } finally {
      answered();
    }
  }

  async function send<T>(of: Of, sending: Sending, act: (sentAt: number) => Promise<T>): Promise<T> {
    const { on, method, argument, signal } = of;
    const pause = (ms: number) => clock.sleep(ms, signal).catch(() => Promise.reject(named('aborted', of)));
    if (life.over) return never();
    const sentAt = clock.now();
    if (clock.now() + life.skewMs > sending.sendBefore) throw named('too-late', of, true);
    await sending.checked();
    chronicle.calls.push({ kind: on, method, argument, at: sentAt, life: life.name });
    if (life.endWhenSent) life.end();
    const outage = scene.outageAt(sentAt);
    if (outage !== undefined) throw await pause(scene.latencyMs()).then(() => named(outage, of, true));
    const fault = lastingFault(of) ?? scene.nextFault(on, sentAt);
    await pause(scene.latencyMs() * 10);
    if (fault !== undefined) {
      if (DONE.has(fault.kind)) await act(sentAt).catch(() => undefined);
      if (fault.kind === 'late' && on === 'write')
        void clock.sleep(fault.lateMs).then(() => act(sentAt).catch(() => undefined));
      if (SLOW.has(fault.kind)) await pause(TIMEOUT_MS - 1000);
      throw seen(SIGNS[fault.kind], of);
    }
    const result = await act(sentAt);
    await pause(scene.latencyMs());
    return result;
  }

  function lastingFault({ method, argument }: Of): History['faults'][number] | undefined {
    const { lasting } = scene.history;
    const call = method === 'write' ? (argument as ZpaWrite).kind : method;
    if (lasting === undefined || !scene.lasts(`zpa.${call}`, [argument], life.name)) return undefined;
    return { on: method === 'write' ? 'write' : 'read', nth: 0, kind: lasting.kind, lateMs: 0 };
  }

  function seen(signs: Signs, of: Of): ZpaError {
    const { on, method } = of;
    const retryAfterMs = signs.status === 429 ? SILENCE_MS : undefined;
    if (retryAfterMs !== undefined && !life.over) {
      limiter.obey(retryAfterMs);
      chronicle.silences.push({ from: clock.now(), until: clock.now() + retryAfterMs });
    }
    const { status, zpaId } = signs;
    return new ZpaError(`${method} failed`, findFaultRow({ on, ...signs }), { on, status, zpaId, retryAfterMs });
  }

  const read = <T>(method: string, argument: unknown, o: { signal?: AbortSignal }, act: () => Promise<T>) => {
    const of: Of = { on: 'read', method, argument, signal: o.signal };
    return call(of, AT_ANY_TIME, async () => {
      if (method === 'getGroup') readAt.set(String(argument), clock.now());
      return await act().catch(() => Promise.reject(seen(REFUSALS['not-found'], of)));
    });
  };
  async function* list<T>(method: string, o: { signal?: AbortSignal }, items: () => AsyncIterable<T>) {
    yield* await read(method, undefined, o, () => collect(items()));
  }

  return {
    listGroups: (o = {}) => list('listGroups', o, () => at('list').listGroups()),
    getGroup: (id, o = {}) => read('getGroup', id, o, () => at('group', id).getGroup(id)),
    findGroups: (name, o = {}) => read('findGroups', name, o, () => at('search').findGroups(name)),
    getApplication: (id, o = {}) => read('getApplication', id, o, () => at('application').getApplication(id)),
    listApplications: (o = {}) => list('listApplications', o, () => at('application').listApplications()),
    findApplications: (name, o = {}) =>
      read('findApplications', name, o, () => at('application').findApplications(name)),
    listMicrotenants: (o = {}) => read('listMicrotenants', undefined, o, () => inner().listMicrotenants()),
    listRules: (o = {}) => read('listRules', undefined, o, () => inner().listRules()),
    rulesNaming: (id, o = {}) => read('rulesNaming', id, o, () => inner().rulesNaming(id)),
    probe: (o = {}) => read('probe', undefined, o, () => inner().probe()),
    async write(write, before, { sendBefore = Number.POSITIVE_INFINITY } = {}) {
      let lane: LaneRecord | undefined;
      const checked = async () => {
        lane = await scene.truth.readLane(scene.lane);
        checkSending(scene, lane, write);
      };
      const of: Of = { on: 'write', method: 'write', argument: write };
      const latest = scene.sabotage.sendsWhenever ? Number.POSITIVE_INFINITY : sendBefore;
      return await call(of, { sendBefore: latest, checked }, async (sentAt) => {
        const known = write.kind === 'create' ? undefined : tenant.groups.get(write.groupId);
        const groupId = perform(scene, write, before, (reason) => seen(REFUSALS[reason], of));
        const now = clock.now();
        scene.replicas.keep();
        const { intent: open } = await scene.truth.readLane(scene.lane);
        if (open?.writeId !== lane?.intent?.writeId)
          chronicle.violations.push(`a ${write.kind} took effect when its intent was no longer open`);
        chronicle.effects.push({
          ...{ at: now, sentAt, readAt: readAt.get(groupId) ?? 0, write, intent: lane?.intent, groupId },
          before: known && structuredClone(known),
          after: structuredClone(tenant.groups.get(groupId)),
        });
        return { groupId };
      });
    },
  };
}

/** A check that is possible only now: every write that leaves for ZPA is stored in the ledger, and its lane is held. */
function checkSending({ chronicle, clock }: Scene, lane: LaneRecord, write: ZpaWrite): void {
  const stored = lane.intent?.writes[lane.intent.cursor]?.write;
  if (JSON.stringify(stored) !== JSON.stringify(write)) {
    chronicle.violations.push(`a ${write.kind} was sent that is not the stored intent`);
  }
  if ((lane.lease?.until ?? 0) <= clock.now()) chronicle.violations.push(`a ${write.kind} was sent without the lease`);
}

function perform(
  { tenant, clock, nextId, history }: Scene,
  write: ZpaWrite,
  before: Parameters<typeof carryOut>[2],
  refused: (reason: RefusedByZpa['reason']) => Error,
): string {
  try {
    const site = { groups: tenant.groups, nextId, seconds: Math.floor(clock.now() / 1000), deaf: history.deaf };
    return carryOut(site, write, before);
  } catch (error) {
    throw error instanceof RefusedByZpa ? refused(error.reason) : error;
  }
}

const named = (code: string, { on, method }: Of, unsent = false) =>
  new ZpaError(`${method}: ${code}`, faultRowOf(code), { on, unsent });

const FREE: RateLimiter = { take: async () => () => undefined, obey: () => undefined };

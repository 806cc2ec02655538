import fc from 'fast-check';
import { createApplicationReads } from '../../../../shared/zpa/api/applications.ts';
import type { Caller, ZpaCall } from '../../../../shared/zpa/api/call.ts';
import { createGroupReads } from '../../../../shared/zpa/api/segment-groups.ts';
import { ZpaError } from '../../../../shared/zpa/http/zpa-error.ts';
import type { Group, Tenant } from './tenant-model.ts';

/** ZPA as it answers one tenant: in any order, page size and escaping, with defaults left out and fields of its own. */

export type Noise = {
  pageSize: number;
  escaping: 'none' | 'once' | 'twice' | 'numeric';
  /** Unicode form of all texts. */
  form: 'NFC' | 'NFD';
  dropsDefaults: boolean;
  /** Seeds the order of every list. */
  order: number;
  /**
   * After each of these calls, a group that no ticket knows comes or goes, at this place in the list; or one goes and
   * another comes, so that the total stays and hides what moved to a page already read.
   */
  shifts: { after: number; what: 'comes' | 'goes' | 'swaps'; at: number }[];
};

export const noiseArbitrary = (shifting: boolean): fc.Arbitrary<Noise> =>
  fc.record({
    pageSize: fc.integer({ min: 1, max: 9 }),
    escaping: fc.constantFrom('none', 'once', 'twice', 'numeric'),
    form: fc.constantFrom('NFC', 'NFD'),
    dropsDefaults: fc.boolean(),
    order: fc.nat(1000),
    shifts: shifting
      ? fc.array(fc.record({ after: fc.nat(8), what: fc.constantFrom('comes', 'goes', 'swaps'), at: fc.nat(9) }), {
          minLength: 1,
          maxLength: 4,
        })
      : fc.constant([]),
  });

const ESCAPES: Record<Noise['escaping'], (text: string) => string> = {
  none: (text) => text,
  once: (text) => escapeEntities(text),
  twice: (text) => escapeEntities(escapeEntities(text)),
  numeric: (text) => text.replaceAll(/[^A-Za-z0-9 ]/gu, (one) => `&#x${one.codePointAt(0)?.toString(16)};`),
};
const escapeEntities = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A permutation that depends on the seed alone. */
function ordered<T>(list: readonly T[], seed: number): T[] {
  const rank = (index: number) => ((index + 1) * (seed * 2 + 7919)) % 10_007;
  return list
    .map((one, index) => ({ one, at: rank(index) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/** An edit of the tenant after this call. */
export type EditWhileRead = { after: number; apply: (tenant: Tenant) => void };

/** The reads of a drift report on this tenant. */
export function noisyZpa(tenant: Tenant, noise: Noise, edit?: EditWhileRead) {
  const text = (one: string) => ESCAPES[noise.escaping](one.normalize(noise.form));
  let strangers: { at: number; group: Group }[] =
    noise.shifts.length === 0 ? [] : [{ at: 0, group: { ...STRANGER, id: '4999', name: 'First stranger' } }];
  let calls = 0;

  function shift(): void {
    for (const { after, what, at } of noise.shifts) {
      if (after !== calls) continue;
      if (what !== 'comes') strangers = strangers.slice(1);
      if (what !== 'goes')
        strangers.push({
          at,
          group: { ...STRANGER, id: `${5000 + calls * 10 + at}`, name: `Stranger ${calls} ${at}` },
        });
    }
    if (edit?.after === calls) edit.apply(tenant);
    calls += 1;
  }

  function groupView({ id, name, description, enabled, applications }: Group) {
    const members = ordered(applications, noise.order + 1).map((one) => ({
      id: one,
      name: text(tenant.applications.get(one) ?? ''),
    }));
    const keeps = (value: unknown) => !noise.dropsDefaults || !(value === '' || value === false);
    return {
      ...{ id, name: text(name), policyMigrated: true, tcpKeepAliveEnabled: '0', modifiedTime: '1764000000' },
      ...(keeps(description) && { description: text(description) }),
      ...(keeps(enabled) && { enabled }),
      ...(!noise.dropsDefaults && { microtenantId: '0', configSpace: 'DEFAULT' }),
      ...(members.length > 0 || !noise.dropsDefaults ? { applications: members } : {}),
    };
  }

  function applicationView([id, name]: [string, string]) {
    const home = tenant.groups.find(({ applications }) => applications.includes(id));
    const place = home === undefined ? {} : { segmentGroupId: home.id, segmentGroupName: text(home.name) };
    return { id, name: text(name), enabled: true, ...place };
  }

  function listOf({ pattern }: ZpaCall): object[] {
    if (pattern === '/application') return ordered([...tenant.applications], noise.order).map(applicationView);
    const groups = ordered(tenant.groups as Group[], noise.order);
    for (const { at, group } of strangers) groups.splice(at % (groups.length + 1), 0, group);
    return groups.map(groupView);
  }

  const caller: Caller = async (call) => {
    const [id] = call.ids ?? [];
    if (id !== undefined) {
      const group = tenant.groups.find((one) => one.id === id);
      if (group === undefined) throw new ZpaError('not found', { code: 'not-found', class: 'permanent' } as never);
      return { status: 200, headers: {}, text: JSON.stringify(groupView(group)) };
    }
    const all = listOf(call);
    const page = Number(call.query?.page ?? '1');
    const list = all.slice((page - 1) * noise.pageSize, page * noise.pageSize);
    const totalPages = `${Math.max(1, Math.ceil(all.length / noise.pageSize))}`;
    const answer = { totalPages, totalCount: `${all.length}`, ...(list.length > 0 && { list }) };
    if (call.pattern === '/segmentGroup') shift();
    return { status: 200, headers: {}, text: JSON.stringify(answer) };
  };
  return { ...createGroupReads(caller), ...createApplicationReads(caller) };
}

const STRANGER = { description: '', enabled: true, applications: [] };

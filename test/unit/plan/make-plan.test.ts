import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../shared/domain/catalog/catalog.ts';
import { newSharedReadBudget } from '../../../shared/domain/ledger/shared-read-budget.ts';
import { contentFingerprint } from '../../../shared/domain/plan/plan-binding.ts';
import { adfLines, toJiraAdf } from '../../../shared/domain/text/jira-adf.ts';
import { toMarkdown } from '../../../shared/domain/text/markdown.ts';
import { toServiceNowJournal } from '../../../shared/domain/text/servicenow-journal.ts';
import { createMemorySharedReads } from '../../fakes/memory-shared-reads.ts';
import { aRule } from '../../fakes/rules.ts';
import { anItem } from '../catalog/catalog-world.ts';
import { parsed } from '../domain/sample-changes.ts';
import { aGroup } from '../domain/sample-live.ts';
import { createPlanWorld, GATE, LANE, TICKET } from './plan-world.ts';

const RENAME = { group: { name: 'Web' }, set: { name: 'Web Apps', description: 'new' } };
const ADD = { group: { name: 'Web' }, applications: { add: [{ name: 'app-22' }] } };

describe('a plan of much', () => {
  const hidden = ({ plans }: ReturnType<typeof createPlanWorld>) =>
    [...plans.bindings.values()].map(({ shown }) => shown).filter((one) => one === false);

  it('holds the changes that it does not show, and says that it does not show them', async () => {
    const world = createPlanWorld();
    for (let id = 100; id < 125; id += 1) world.zpa.groups.set(`${id}`, aGroup(`${id}`, { name: `Group ${id}` }));
    world.put(
      ...Array.from({ length: 25 }, (_, n) => ({ group: { name: `Group ${100 + n}` }, set: { description: 'x' } })),
    );
    await world.ask();
    expect(world.spoken.at(-1)?.text).toContain('… and 5 more changes, counted above and not shown.');
    expect([world.plans.bindings.size, hidden(world).length]).toEqual([25, 5]);
  });

  it('counts only rows that no ticket system cuts: fewer of twenty where they are long', async () => {
    const world = createPlanWorld();
    const names = Array.from({ length: 15 }, (_, n) => `${n} ${'&'.repeat(60)}`);
    const add = (of: number) =>
      names.map((name, n) => {
        const id = `${1000 + 100 * of + n}`;
        world.zpa.applications.set(id, { id, name });
        return { id };
      });
    world.put(
      ...Array.from({ length: 20 }, (_, n) => ({
        ...{ action: 'create', group: { name: `New ${n}` }, applications: add(n) },
      })),
    );
    await world.ask();
    const { text = [] } = world.tickets.comments.at(-1) ?? {};
    expect(toServiceNowJournal(text)).not.toContain('did not fit');
    expect(adfLines(toJiraAdf(text)).join()).not.toContain('did not fit');
    expect(world.spoken.at(-1)?.text).toMatch(/… and \d+ more changes, counted above and not shown\./);
    expect(hidden(world).length).toBeGreaterThan(0);
  });

  it.each([
    [20, 0],
    [21, 1],
  ])('shows up to twenty applications of a change: of %d', async (count, unseen) => {
    const world = createPlanWorld();
    const ids = Array.from({ length: count }, (_, n) => `${300 + n}`);
    for (const id of ids) world.zpa.applications.set(id, { id, name: `srv-${id}` });
    world.put({ group: { name: 'Web' }, applications: { add: ids.map((id) => ({ id })) } });
    await world.ask();
    expect(world.spoken.at(-1)?.text.includes(`srv-${ids.at(-1)} (`)).toBe(unseen === 0);
    expect(hidden(world)).toHaveLength(unseen);
  });

  it.each([
    ['a description of 1,700 bytes', { description: 'd'.repeat(1700) }, 'd'.repeat(1700), 0],
    ['a description of 1,800 bytes', { description: 'd'.repeat(1800) }, '… (cut)', 1],
    ['a name of 255 characters of three bytes', { name: '語'.repeat(255) }, `"${'語'.repeat(255)}"`, 0],
  ])('counts a change as shown only if each of its values is whole: %s', async (_, set, shown, unseen) => {
    const world = createPlanWorld();
    world.put({ group: { name: 'Web' }, set });
    await world.ask();
    expect(world.spoken.at(-1)?.text).toContain(shown);
    expect(hidden(world)).toHaveLength(unseen);
  });

  it('counts a change as shown whose former description is too long for the comment', async () => {
    const world = createPlanWorld();
    world.zpa.groups.set('13', aGroup('13', { name: 'Mail', description: 'd'.repeat(4000) }));
    world.put({ group: { id: '13' }, set: { description: 'short' } });
    await world.ask();
    expect(world.spoken.at(-1)?.text).toContain('… (cut) → short');
    expect(hidden(world)).toEqual([]);
  });

  it('says what a guard or mode will say, however many groups it is about', async () => {
    const world = createPlanWorld({ tenant: { mode: 'paused' } });
    const name = (n: number) => `${n} ${'N'.repeat(200)}`;
    for (let n = 100; n < 115; n += 1) world.zpa.groups.set(`${n}`, aGroup(`${n}`, { name: name(n) }));
    const changes = Array.from({ length: 15 }, (_, n) => ({ group: { id: `${100 + n}` }, set: { description: 'x' } }));
    world.put(...changes, { group: { name: 'Printers' }, set: { enabled: true } });
    await world.ask();
    const { text = [] } = world.tickets.comments.at(-1) ?? {};
    const said = ` ${name(104)} and 10 others: This tenant is paused: an approved change waits.`;
    expect(toServiceNowJournal(text)).toContain(said);
    expect(toMarkdown(text)).toContain(said);
  });

  it('names the group with its id, however long the name', async () => {
    const world = createPlanWorld();
    world.zpa.groups.set('13', aGroup('13', { name: '語'.repeat(255) }));
    world.put({ group: { id: '13' }, set: { description: 'x' } });
    await world.ask();
    expect(world.spoken.at(-1)?.text).toContain(`${'語'.repeat(255)} (13) |`);
  });
});

describe('the plan of a ticket that alters no reach', () => {
  it('is one comment within thirty seconds: what changes, with ids, and what it will be held to', async () => {
    const { put, ask, spoken, zpa } = createPlanWorld();
    put(RENAME);
    await ask();
    expect(spoken).toHaveLength(1);
    expect(spoken[0]?.after).toBeLessThan(30_000);
    const binding = /Plan ([0-9a-f]{12})/.exec(spoken[0]?.text ?? '')?.[1];
    expect(spoken[0]?.text).toBe(
      [
        'Plan of 1 change: 1 would be applied',
        'This is a plan, made before approval: nothing has been changed.',
        `Web (11) | Rename to "Web Apps". Description: before → new | Would be applied. Plan ${binding}`,
        'Policy impact: No policy rule gains or loses an application segment.',
        'An approval of the ticket approves this plan. If a name means something else when a change is applied, or the change would open more access than shown here, that change is rejected as plan-outdated.',
      ].join('\n'),
    );
    expect(zpa.writes).toEqual([]);
    expect(zpa.calls.map(({ method }) => method)).not.toContain('listRules');
  });

  it.each([
    ['just been answered', 0],
    ['not been answered, of a worker that died', 30_000],
  ])('comes in time though the lane borrowed all reads, and these have %s', async (_, laterMs) => {
    const sharedReads = createMemorySharedReads();
    const { put, ask, spoken, clock } = createPlanWorld({ sharedReads });
    const until = clock.now() + laterMs;
    await sharedReads.write({ ...newSharedReadBudget(LANE), reads: [until, until], readerAt: 0 }, 0);
    put(RENAME);
    await ask();
    expect(spoken[0]?.after).toBeLessThan(30_000);
    expect(spoken.at(-1)?.text).toContain('Plan of 1 change: 1 would be applied');
  });

  it('says what would be rejected, why, what to do, and what was perhaps meant', async () => {
    const catalog: Catalog = {
      ...{ schemaVersion: 1, tenant: 'prod', asOf: 0 },
      groups: [anItem('12', 'Printers', { microtenantId: '0' }), anItem('11', 'Web', { microtenantId: '0' })],
      applications: [],
    };
    const { put, ask, spoken } = createPlanWorld({ catalog });
    put({ group: { name: 'Printer' }, set: { enabled: false } }, { group: { name: 'Web' }, set: { enabled: true } });
    await ask();
    expect(spoken[0]?.text).toContain('Plan of 2 changes: 1 would change nothing, 1 would be rejected');
    expect(spoken[0]?.text).toMatch(
      /^Printer \| Disable \| Would be rejected: .* Next step: Perhaps meant: "Printers"\. .*\(group-not-found\)$/m,
    );
    expect(spoken[0]?.text).toContain('\nWeb (11) | Enable | No change needed');
    expect(spoken[0]?.text).toContain('An approval of the ticket approves this plan.');
  });

  it('says what was perhaps meant before any catalog is stored: names are read once, within the grants', async () => {
    const grants = [{ tenants: ['prod'], actions: ['update'], groups: ['*'], applications: ['app-2*'] }];
    const { put, ask, spoken, zpa } = createPlanWorld({ source: { grants } });
    zpa.applications.set('24', { id: '24', name: 'bpp-25' });
    put(
      { group: { name: 'Prin ters' }, set: { enabled: false } },
      { group: { name: 'Printres' }, set: { enabled: false } },
      { group: { name: 'Web' }, applications: { add: [{ name: 'app-25' }] } },
    );
    await ask();
    const rows = (spoken.at(-1)?.text ?? '').split('\n').filter((one) => one.includes('Perhaps meant'));
    expect(rows.map((one) => /Perhaps meant: (.*?)\. /.exec(one)?.[1])).toEqual([
      ...['"Printers"', '"Printers"'],
      '"app-21", "app-22", "app-23"',
    ]);
    const lists = zpa.calls.map(({ method }) => method).filter((one) => one.startsWith('list'));
    expect(lists).toEqual(['listGroups', 'listApplications']);
  });

  it('suggests no names of the ZPA customer that the tenant was before', async () => {
    const catalog: Catalog = {
      ...{ schemaVersion: 1, tenant: 'prod', asOf: 0, lane: 'PRODUCTION:72057594037920000' },
      groups: [anItem('12', 'Printer2', { microtenantId: '0' })],
      applications: [],
    };
    const { put, ask, spoken } = createPlanWorld({ catalog });
    put({ group: { name: 'Printer' }, set: { enabled: false } });
    await ask();
    expect(spoken.at(-1)?.text).toContain('Perhaps meant: "Printers".');
    expect(spoken.at(-1)?.text).not.toContain('Printer2');
  });

  it('says so where the worker would reject a deletion, because it cannot read all policy rules in time', async () => {
    const microtenants = Array.from({ length: 85 }, (_, index) => ({
      id: `${index}`,
      name: `M${index}`,
      enabled: true,
    }));
    const { put, ask, spoken } = createPlanWorld({ microtenants });
    put({ action: 'delete', group: { name: 'Printers' } });
    await ask();
    expect(spoken.at(-1)?.text).toMatch(/Would be rejected: .*\(scan-too-long\)/);
    expect(spoken.at(-1)?.after).toBeLessThan(30_000);
  });

  it('asks for a correction where nothing of it would be applied', async () => {
    const { put, ask, spoken } = createPlanWorld();
    put({ group: { name: 'Printer' }, set: { enabled: false } });
    await ask();
    expect(spoken[0]?.text).toContain('correct the ticket before it is approved');
    expect(spoken[0]?.text).not.toContain('An approval of the ticket approves this plan.');
  });

  it('says what no grant covers, without a look at ZPA', async () => {
    const grants = [{ tenants: ['prod'], actions: ['update'], groups: ['Printers'], applications: [] }];
    const { put, ask, spoken, zpa } = createPlanWorld({ source: { grants } });
    put(RENAME);
    await ask();
    expect(spoken[0]?.text).toContain('Would be rejected: This source may not touch segment group "Web".');
    expect(zpa.calls).toEqual([]);
  });

  it('says that a ticket cannot be read, and which field is to blame', async () => {
    const { put, ask, spoken } = createPlanWorld();
    put({ group: { name: 'Web' }, colour: 'red' });
    await ask();
    expect(spoken[0]?.text).toContain('Plan: this ticket would be refused');
    expect(spoken[0]?.text).toContain('colour');
  });

  it('takes each change as those before it would leave the tenant', async () => {
    const { put, ask, spoken } = createPlanWorld();
    put(
      { action: 'create', group: { name: 'New' } },
      { group: { name: 'New' }, set: { description: 'made by line 1' } },
      { group: { name: 'Web' }, set: { name: 'Old Web' } },
      { group: { name: 'Web' }, set: { enabled: false } },
    );
    await ask();
    expect(spoken[0]?.text).toContain('Plan of 4 changes: 3 would be applied, 1 would be rejected');
    expect(spoken[0]?.text).toContain('\nNew | Description: (empty) → made by line 1 | Would be applied.');
    expect(spoken[0]?.text).toMatch(/^Web \| Disable \| Would be rejected: .*\(group-not-found\)/m);
  });
});

describe('the tenant as earlier lines would leave it', () => {
  it.each([1, 6])(
    'knows the names of what leaves, also of what joins by an earlier line: %d groups',
    async (others) => {
      const grant = { tenants: ['prod'], actions: ['update'], groups: ['*'], applications: ['app-*'] };
      const { put, ask, spoken } = createPlanWorld({ source: { grants: [{ ...grant, flags: ['leaveUngrouped'] }] } });
      put(
        { group: { name: 'Web' }, applications: { add: [{ name: 'app-22' }] } },
        { group: { name: 'Web' }, applications: { replace: [] }, leaveUngrouped: true },
        ...Array.from({ length: others }, (_, index) => ({ group: { name: `None ${index}` }, set: { enabled: true } })),
      );
      await ask();
      expect(spoken[0]?.text).toContain(`${2 + others} changes: 2 would be applied, ${others} would be rejected`);
    },
  );

  it('an application that one line takes out of its group is free for the next', async () => {
    const { put, ask, spoken } = createPlanWorld();
    put(
      { group: { name: 'Web' }, applications: { remove: [{ name: 'app-21' }] }, leaveUngrouped: true },
      { group: { name: 'Printers' }, applications: { add: [{ name: 'app-21' }] } },
      { action: 'create', group: { name: 'New' }, applications: [{ name: 'app-22' }] },
      { group: { name: 'Web' }, applications: { add: [{ name: 'app-22' }] } },
    );
    await ask();
    const whole = spoken.at(-1)?.text;
    expect(whole).toContain('Plan of 4 changes: 3 would be applied, 1 would be rejected');
    expect(whole).toMatch(/Would be rejected: .*"New" \(not created yet\).*\(application-in-other-group\)/);
  });

  it('holds no line to an id that a group does not have yet', async () => {
    const { put, ask, plans } = createPlanWorld();
    const line = { group: { name: 'New' }, set: { description: 'made by line 1' } };
    put({ action: 'create', group: { name: 'New' } }, line);
    await ask();
    const second = parsed({ ...line, schemaVersion: 1, tenant: 'prod', action: 'update', idempotencyKey: 'any' });
    expect(await plans.bindingOf('desk', TICKET, contentFingerprint(second))).toMatchObject({ resolved: [''] });
  });

  it('is read in lists where a ticket names many, and says the same', async () => {
    const changes = ['Web', 'Printers', 'Nowhere'].flatMap((name) => [
      { group: { name }, set: { description: `${name} 1` } },
      { group: { name }, applications: { add: [{ name: 'app-22' }, { name: 'app-99' }] } },
    ]);
    const many = [{ id: '21' }, { id: '22' }, { id: '23' }, { id: '98' }, { name: 'app-23' }, { name: 'app-97' }];
    const { put, ask, spoken, zpa } = createPlanWorld();
    const others = ['A', 'B', 'C'].map((name) => ({ group: { name }, set: { enabled: true } }));
    put(...changes, ...others, { group: { id: '11' }, applications: { replace: many } });
    await ask();
    expect(spoken.at(-1)?.text).toContain('Plan of 10 changes: 2 would be applied, 8 would be rejected');
    const methods = new Set(zpa.calls.map(({ method }) => method));
    expect(methods).toEqual(new Set(['listGroups', 'listApplications']));
    expect(zpa.calls).toHaveLength(2);
    expect(spoken[0]?.after).toBeLessThan(30_000);
  });
});

describe('the plan of new groups and new names', () => {
  it('reads no rules: no rule can name a group that does not exist yet', async () => {
    const { put, ask, spoken, zpa } = createPlanWorld();
    put(
      { action: 'create', group: { name: 'New' }, applications: [{ name: 'app-22' }] },
      { action: 'create', group: { name: 'Newer' }, ifExists: 'update', enabled: true },
      { group: { name: 'Web' }, set: { name: 'Old Web' } },
    );
    await ask();
    expect(spoken).toHaveLength(1);
    expect(spoken[0]?.text).toContain('Plan of 3 changes: 3 would be applied');
    expect(zpa.calls.filter(({ method }) => method === 'listRules')).toEqual([]);
  });
});

describe('the plan of a ticket that alters reach', () => {
  it('says in time what is known, and the whole when the rules are read', async () => {
    const { put, ask, spoken, zpa } = createPlanWorld();
    zpa.policyRules.push(aRule({ groupIds: ['11'] }));
    put(ADD);
    await ask();
    expect(spoken).toHaveLength(2);
    const [early, whole] = spoken;
    expect(early?.after).toBeLessThan(30_000);
    expect(early?.text).toContain('| Add 1 application segment: app-22 (22) |');
    expect(early?.text).toContain('Policy impact: still being read.');
    expect(early?.text).toContain('Another comment shows the result.');
    expect(whole?.after).toBeGreaterThan(60_000);
    expect(whole?.text).toContain('| Add 1 application segment: app-22 (22) |');
    expect(whole?.text).toMatch(
      /Policy impact: 1 policy rule gains or loses application segments \(rules as of .* UTC\)\./,
    );
    expect(whole?.text).toMatch(/- "Engineering".* gains 1 application segment \(app-22\), which opens access\./);
    const reads = zpa.calls.filter(({ method }) => method === 'findGroups');
    expect(reads).toHaveLength(1);
  });

  it.each(['approved', 'rejected'])('is not told any more on a ticket that is %s by then', async (status) => {
    const { put, ask, spoken, tickets, log } = createPlanWorld();
    put(ADD);
    const comment = tickets.comment;
    tickets.comment = async (...said) => {
      const record = tickets.tickets.get(TICKET);
      if (record !== undefined)
        tickets.tickets.set(TICKET, { ...record, payload: { ...Object(record.payload), status } });
      return comment(...said);
    };
    await ask();
    expect(spoken.map(({ text }) => text.includes('still being read'))).toEqual([true]);
    expect(log.text()).toContain('does not wait for approval');
  });

  it('holds who approves between the two comments to where the names lead', async () => {
    const { put, ask, spoken, plans } = createPlanWorld();
    put(ADD);
    const bind = plans.bind;
    const bound: unknown[] = [];
    plans.bind = (source, ticketId, made, expiresAt) => {
      for (const { resolved, exposes } of made.values()) bound.push({ said: spoken.length, resolved, exposes });
      return bind(source, ticketId, made, expiresAt);
    };
    await ask();
    const resolved = ['22', '11'];
    expect(bound).toEqual([
      { said: 1, resolved, exposes: null },
      { said: 2, resolved, exposes: [] },
    ]);
  });

  it('leaves who approves between the two comments of a later plan to the full plan before it', async () => {
    const { put, ask, spoken, plans, clock } = createPlanWorld();
    put(ADD);
    await ask();
    const [full] = plans.bindings.values();
    await clock.sleep(600_000);
    const bind = plans.bind;
    const bound: unknown[] = [];
    plans.bind = (source, ticketId, made, expiresAt) => {
      for (const { exposes } of made.values()) bound.push(exposes);
      return bind(source, ticketId, made, expiresAt);
    };
    await ask();
    expect(spoken.map(({ text }) => text.includes('still being read'))).toEqual([true, false, true]);
    expect(bound).toEqual([[]]);
    expect([...plans.bindings.values()]).toMatchObject([{ hash: full?.hash, exposes: [] }]);
  });

  it('is said once where the rules were read a moment ago', async () => {
    const { put, ask, spoken } = createPlanWorld();
    put(ADD);
    await ask();
    put({ ...ADD, applications: { add: [{ name: 'app-23' }] } });
    await ask();
    expect(spoken.map(({ text }) => text.includes('still being read'))).toEqual([true, false, false]);
  });

  it('looks a deletion up, and decides it with all rules', async () => {
    const { put, ask, spoken, zpa } = createPlanWorld();
    put({ action: 'delete', group: { name: 'Printers' } }, { action: 'delete', group: { id: '999' } });
    await ask();
    expect(spoken[0]?.text).toContain('Printers (12) | Delete | The segment group exists.');
    expect(spoken[0]?.text).toContain('\n999 | Delete | There is no such segment group.');
    expect(spoken[1]?.text).toContain('1 would be applied, 1 would be rejected');
    expect(zpa.writes).toEqual([]);
  });

  it('says what could not be read, and what is known without it', async () => {
    const { put, ask, spoken, plans, tickets } = createPlanWorld();
    put(ADD);
    const controller = new AbortController();
    const comment = tickets.comment;
    tickets.comment = async (...said) => {
      controller.abort(new Error('the time is up'));
      return comment(...said);
    };
    await ask({}, controller.signal);
    expect(spoken[1]?.text).toContain('Policy impact not checked: The time for this report was up before it was read.');
    expect(spoken[1]?.text).toContain('| Add 1 application segment: app-22 (22) |');
    expect([...plans.bindings.values()][0]?.exposes).toBeNull();
  });

  it('tells what guards and mode will say, and plans nevertheless', async () => {
    const rules = [{ rules: ['Engineering'], response: 'second-approver' }];
    const { put, ask, spoken, zpa } = createPlanWorld({ tenant: { mode: 'plan-only', guards: { rules } } });
    zpa.policyRules.push(aRule({ groupIds: ['11'] }));
    put(ADD);
    await ask();
    const whole = spoken.at(-1)?.text;
    expect(whole).toContain('1 would be applied');
    expect(whole).toContain('But: Two people must approve this, and nobody besides the requester has');
    expect(whole).toContain('But: This tenant is in plan-only mode');
  });
});

describe('a plan is kept', () => {
  it('for the approved change to find, by what it asks for', async () => {
    const { put, ask, plans, spoken } = createPlanWorld();
    put(ADD);
    await ask();
    const approved = parsed({
      ...ADD,
      schemaVersion: 1,
      tenant: 'prod',
      action: 'update',
      idempotencyKey: `${TICKET}/1@A7`,
    });
    const binding = await plans.bindingOf('desk', TICKET, contentFingerprint(approved));
    expect(binding?.resolved).toEqual(['22', '11']);
    expect(binding).toMatchObject({ lane: 'PRODUCTION:72057594037927936', microtenantId: '0' });
    expect(spoken.at(-1)?.text).toContain(`Plan ${binding?.hash.slice(0, 12)}`);
  });

  it('and said again only when it says something else, also after another one', async () => {
    const { put, ask, spoken, clock } = createPlanWorld();
    put(RENAME);
    await ask();
    await clock.advance(60_000);
    await ask();
    expect(spoken).toHaveLength(1);
    put({ ...RENAME, set: { name: 'Other' } });
    await ask();
    put(RENAME);
    await ask();
    expect(spoken).toHaveLength(3);
    expect(spoken[2]?.text).toBe(spoken[0]?.text);
  });

  it('and not made anew for a request that is older than what it has read', async () => {
    const { put, ask, spoken, zpa, clock, log } = createPlanWorld();
    put(RENAME);
    const askedAt = clock.now();
    await clock.advance(10_000);
    put({ ...RENAME, set: { name: 'Last' } });
    await ask({ askedAt });
    const reads = zpa.calls.length;
    for (let save = 1; save < 300; save += 1) await ask({ askedAt: askedAt + save });
    expect(spoken.map(({ text }) => text)).toEqual([expect.stringContaining('Last')]);
    expect(zpa.calls).toHaveLength(reads);
    expect(log.lines.at(-1)?.fields).toMatchObject({ reason: 'a plan of the ticket as it was later is on it' });
    put({ ...RENAME, set: { name: 'Newer' } });
    await ask();
    expect(spoken.at(-1)?.text).toContain('Newer');
  });

  it('and made anew for an older request of a source that cannot be read: each sends its own contents', async () => {
    const { put, ask, spoken, clock, tickets, ports } = createPlanWorld();
    put(RENAME);
    const payload = tickets.tickets.get(TICKET)?.payload;
    const writer = ports.tickets;
    Object.assign(ports, { tickets: { ...writer, readerOf: () => undefined } });
    const askedAt = clock.now();
    await clock.advance(10_000);
    await ask({ askedAt, payload });
    const other = { ...Object(payload), changes: [{ ...Object(payload).changes[0], set: { name: 'Other' } }] };
    await ask({ askedAt: askedAt + 1, payload: other });
    expect(spoken.at(-1)?.text).toContain('Other');
  });

  it('and said once when the invocation is repeated', async () => {
    const { put, ask, spoken, plans, clock } = createPlanWorld();
    put(RENAME);
    const askedAt = clock.now();
    const keep = plans.putLatest;
    plans.putLatest = async () => {
      throw new Error('the table is out of reach');
    };
    await expect(ask({ askedAt })).rejects.toThrow('out of reach');
    plans.putLatest = keep;
    await ask({ askedAt });
    expect(spoken).toHaveLength(1);
  });
});

describe('a plan that was not said', () => {
  const forbidden = Object.assign(new Error('no right to comment'), { code: 'tickets-refused' });

  it.each([
    ['because nobody may comment', async () => Promise.reject(forbidden)],
    ['because there is no such ticket', async () => 'no-ticket' as const],
  ])('%s, binds no approval, and is said later', async (_, comment) => {
    const { put, ask, spoken, plans, tickets } = createPlanWorld();
    put(RENAME);
    const says = tickets.comment;
    tickets.comment = comment;
    await ask().catch((error: unknown) => expect(error).toBe(forbidden));
    expect([...plans.bindings.keys()]).toEqual([]);
    tickets.comment = says;
    await ask();
    expect(spoken).toHaveLength(1);
    expect(plans.bindings.size).toBe(1);
  });

  it('in its first part, while the rules are read, binds no approval', async () => {
    const { put, ask, plans, tickets } = createPlanWorld();
    put(ADD);
    const bound: number[] = [];
    tickets.comment = async () => {
      bound.push(plans.bindings.size);
      throw forbidden;
    };
    await expect(ask()).rejects.toBe(forbidden);
    expect(bound.length).toBeGreaterThan(1);
    expect([bound.at(-1), plans.bindings.size]).toEqual([0, 0]);
  });
});

describe('no plan', () => {
  it.each([
    ['of a ticket that is not there', { ticketId: 'CHG404' }],
    ['of a source that cannot be answered', { source: 'mute' }],
    ['of a source that is not configured', { source: 'gone' }],
    ['that was asked for a day ago', { askedAt: 0 }],
  ])('is made %s', async (_, over) => {
    const { put, ask, spoken, zpa, log } = createPlanWorld();
    put(RENAME);
    await ask(over);
    expect([spoken, zpa.calls]).toEqual([[], []]);
    expect(log.lines.map(({ message }) => message)).toEqual(['no plan is made']);
  });

  it.each([
    ['that was approved meanwhile', { status: 'approved' }],
    ['that is not about segment groups', { topic: 'printers' }],
    ['that calls itself another one', { ticket: { id: 'CHG0000001' } }],
  ])('is made of a ticket %s', async (_, over) => {
    const { put, ask, spoken, tickets, zpa } = createPlanWorld();
    put(RENAME);
    const ticket = tickets.tickets.get(TICKET);
    if (ticket !== undefined) ticket.payload = { ...Object(ticket.payload), ...over };
    await ask();
    expect([spoken, zpa.calls]).toEqual([[], []]);
  });

  it('is made of a ticket that is out of scope', async () => {
    const { put, ask, spoken, tickets, zpa } = createPlanWorld();
    put(RENAME);
    const ticket = tickets.tickets.get(TICKET);
    if (ticket !== undefined) ticket.outOfScope = 'its project is not taken';
    await ask();
    expect([spoken, zpa.calls]).toEqual([[], []]);
  });

  it('is made of a ticket that cannot be read where any ticket may be about anything', async () => {
    const gate = { ...GATE, concerns: [] };
    const { put, ask, spoken } = createPlanWorld({ source: { approval: { gate } } });
    put({ group: { name: 'Web' }, colour: 'red' });
    await ask();
    expect(spoken).toEqual([]);
  });

  it('is missing for a source that cannot be asked: what it sent is planned', async () => {
    const { put, ask, spoken, tickets, ports } = createPlanWorld();
    put(RENAME);
    const payload = { ...Object(tickets.tickets.get(TICKET)?.payload), status: 'approved' };
    ports.tickets = { ...ports.tickets, readerOf: () => undefined };
    await ask({ payload });
    expect(spoken[0]?.text).toContain('Plan of 1 change: 1 would be applied');
    await ask();
    expect(spoken).toHaveLength(1);
  });

  it('is lost while the ticket system is away for a moment; for longer, the queue has it', async () => {
    const { put, ask, spoken, tickets } = createPlanWorld();
    put(RENAME);
    const away = Object.assign(new Error('away'), { code: 'tickets-unavailable' });
    let calls = 0;
    const read = tickets.read;
    tickets.read = async (id) => {
      calls += 1;
      if (calls === 1) throw away;
      return read(id);
    };
    await ask();
    expect(spoken).toHaveLength(1);
    tickets.trouble = away;
    await expect(ask()).rejects.toBe(away);
    tickets.trouble = Object.assign(new Error('refused'), { code: 'tickets-refused' });
    await expect(ask()).rejects.toMatchObject({ code: 'tickets-refused' });
  });

  it('holds a name that acts: every text is told as it is and escaped by the sink', async () => {
    const { put, ask, spoken } = createPlanWorld();
    put({ group: { name: 'Web' }, set: { description: '[x](https://evil.example) {code}' } });
    await ask();
    expect(spoken[0]?.text).toContain('Description: before → [x](https://evil.example) {code}');
  });
});

describe('the plan of a create that updates what exists', () => {
  it('says which of the two it would be', async () => {
    const { put, ask, spoken } = createPlanWorld();
    const orUpdate = { action: 'create', ifExists: 'update', description: 'asked' };
    put({ ...orUpdate, group: { name: 'Web' } }, { ...orUpdate, group: { name: 'New' } });
    await ask();
    expect(spoken[0]?.text).toContain('Web (11) | Description: before → asked |');
    expect(spoken[0]?.text).toContain('\nNew | Create, disabled. Description: asked |');
  });
});

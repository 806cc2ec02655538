import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { parsed, rawAccept, rawCreate, rawDelete, rawUpdate } from '../../domain/sample-changes.ts';
import { applied, BROWSER, createStatusWorld, recordOf, rejected } from '../status-world.ts';

const pageOf = async (part: Partial<ChangeRecord>) =>
  (await (await createStatusWorld(recordOf(part))).get(BROWSER)).body;
/** The page's text without markup. */
const textOf = async (part: Partial<ChangeRecord>) =>
  (await pageOf(part))
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

const { writeId: _, overtaken: __, ...rest } = applied;
const unchanged: Outcome = { ...rest, kind: 'unchanged' };

describe('the page', () => {
  it('of an applied change shows before and after', async () => {
    const text = await textOf({ state: 'settled', outcome: applied });
    expect(text).toContain('Live The change is live in ZPA.');
    expect(text).toContain('Enabled no yes');
    expect(text).toContain('Application segments added 2 42 ssh 43');
    expect(text).toContain('Attempt 1 completed Live 2026-12-01 08:00:04 UTC');
  });

  it('marks what differs, in words and not by colour alone', async () => {
    const before = { name: 'Remote Access', description: 'for partners', enabled: false, applicationCount: 1 };
    const after = { ...before, description: 'for partners and staff', enabled: true };
    const page = await pageOf({
      state: 'settled',
      outcome: { ...applied, effect: { ...applied.effect, before, after } },
    });
    expect(page).toContain('<td><bdi>for partners</bdi></td>');
    expect(page).toContain('<bdi>for partners </bdi><ins><bdi>and staff</bdi></ins>');
    expect(page).toContain('<del><bdi>no</bdi></del>');
    expect(page).toContain('<td class="same"><bdi>Remote Access</bdi></td>');
    expect(page).toMatch(/ins \{[^}]*font-weight: 600/);
  });

  it('of an accept says that it was recorded, and what the ticket states', async () => {
    const members = { applications: { has: [{ id: '42' }], hasNot: [{ id: '43' }] } };
    const change = parsed(rawAccept({ name: 'Remote Access', enabled: true, ...members }));
    const text = await textOf({ change, state: 'settled', outcome: unchanged });
    expect(text).toContain('Recorded as approved ZPA holds what the ticket states. Nothing was written.');
    expect(text).toContain('Name Remote Access');
    expect(text).toMatch(/Application segments in it 42 .*Application segments not in it 43/);
    const gone = { ...unchanged, effect: { ...unchanged.effect, before: null, after: null, added: [], removed: [] } };
    const absent = await textOf({ change: parsed(rawAccept('absent')), state: 'settled', outcome: gone });
    expect(absent).toContain('Accepted as No longer in ZPA');
    expect(absent).not.toContain('What ZPA holds');
    const whole = parsed(rawAccept({ applications: { exactly: [] } }));
    expect(await textOf({ change: whole })).toContain('All application segments');
  });

  it('tells the way of a change: approved, received, released, queued, each attempt, its end', async () => {
    const approvals = [{ by: 'david', at: '2026-12-01T09:30:00+02:00', ref: 'a1' }];
    const part = { ticket: { ...recordOf().ticket, approvals }, releasedAt: TEST_START + 200 };
    const waiting = await textOf({ ...part, attempts: 2 });
    expect(waiting).toContain(
      'Timeline Approved 2026-12-01 07:30:00 UTC by david Received 2026-12-01 08:00:00 UTC Released 2026-12-01 08:00:00 UTC ' +
        'Queued 2026-12-01 08:00:00 UTC Attempt 1 failed Attempt 2 failed, will be repeated',
    );
    const ended = await textOf({ ...part, state: 'settled', outcome: { ...rejected, attempts: 2 } });
    expect(ended).toContain('Attempt 1 failed Attempt 2 completed Rejected 2026-12-01 08:00:04 UTC');
    const long = await textOf({ attempts: 40 });
    expect(long).toContain('Attempt 36 failed');
    expect(long).not.toContain('Attempt 35');
    const cancelRequest = { by: 'kim', at: TEST_START + 900, reason: 'withdrawn', generation: 1 };
    expect(await textOf({ cancelRequest })).toContain('Cancellation requested 2026-12-01 08:00:00 UTC');
  });

  it('shows what moved between groups, and the plan it was approved as', async () => {
    const moves = [{ from: { id: '7', name: 'Old' }, to: { id: '8', name: 'New' }, applicationIds: ['42'] }];
    const effect = { ...applied.effect, moves, ungroupedMs: 1200 };
    const plan = { hash: 'abcdef123456'.padEnd(64, '0'), resolved: [], exposes: null };
    const text = await textOf({ state: 'settled', outcome: { ...applied, effect }, plan });
    expect(text).toContain('Moved between groups From To Application segments Old 7 New 8 42');
    expect(text).toContain('In no group for 2 s in between.');
    expect(text).toContain('Plan abcdef123456');
    const change = parsed(rawUpdate({ moveTo: { name: 'New' }, applications: { remove: [{ id: '42' }] } }));
    expect(await textOf({ change })).toContain('What leaves goes to New');
  });

  it('of a change that is not what was planned names the difference', async () => {
    const details = {
      plan: 'abcdef123456',
      names: [{ kind: 'group', name: 'Web', planned: '11', now: '99' }],
      rules: [{ policyType: 'ACCESS_POLICY', ruleId: '5', ruleName: 'Guests', applications: ['21', '22'] }],
    };
    const { zpaError: _z, path: _p, ...plain } = rejected;
    const text = await textOf({ state: 'settled', outcome: { ...plain, code: 'plan-outdated', details } });
    expect(text).toContain('Names that lead to something else Name Planned Now Web 11 99');
    expect(text).toContain('Policy rules that would open more access');
    expect(text).toContain('Guests 5 Access policy 21, 22');
  });

  it('tells what is not known, and what somebody else changed right afterwards', async () => {
    const overtaken = [{ field: 'description', expected: 'ours', found: 'theirs' }];
    const text = await textOf({ state: 'settled', outcome: { ...applied, overtaken } });
    expect(text).toContain('Not checked: rules were not read.');
    expect(text).toContain('Written Found Description ours theirs');
  });

  it('of a rejected change says why and what to do', async () => {
    const text = await textOf({ state: 'settled', outcome: rejected, history: [rejected] });
    expect(text).toContain('Rejected ZPA refused the change: the name is taken.');
    expect(text).toContain('What to do Choose another name.');
    expect(text).not.toContain('For the ZPA team');
    expect(text).toContain('Code zpa-refused · Field set.name');
    expect(text).toContain('What ZPA answered Error bad.name Status 400');
    expect(text).toContain('Candidates 1 2');
    expect(text).toContain('Earlier attempts');
  });

  it('tells the person who asked a step of their own, and the operators’ step apart from it', async () => {
    const outcome: Outcome = { ...rejected, code: 'not-permitted', remedy: 'Add a grant, then redrive.' };
    const text = await textOf({ state: 'settled', outcome });
    expect(text).toContain('What to do Ask the ZPA team to allow this change for tickets of this kind.');
    expect(text).toContain('For the ZPA team: Add a grant, then redrive.');
  });

  it('calls a redriven change a retry', async () => {
    const text = await textOf({ generation: 3, history: [rejected] });
    expect(text).toContain('Retry 2 2026-12-01 08:00:00 UTC');
    expect(text).not.toMatch(/generation/i);
  });

  it.each([
    [{ state: 'accepted', sentAt: 0 }, 'Received The change is recorded'],
    [{ state: 'queued', attempts: 3 }, '3 attempts so far.'],
    [{ state: 'settled', outcome: unchanged }, 'Live already'],
    [
      {
        state: 'settled',
        outcome: { kind: 'superseded', generation: 1, at: 1, attempts: 1, by: 'CHG2', reason: 'newer change' },
      },
      'Replaced Newer change. By CHG2 .',
    ],
  ] satisfies [Partial<ChangeRecord>, string][])('of %o', async (part, said) => {
    expect(await textOf(part)).toContain(said);
  });

  it('calls a create that updated what existed an update, and says that it was asked so', async () => {
    const change = parsed(rawCreate({ ifExists: 'update', description: 'For partners' }));
    const waiting = await textOf({ change });
    expect(waiting).toContain('Create segment group Web Apps');
    expect(waiting).toContain('Description For partners If it exists It is updated');
    expect(waiting).not.toContain('Enabled');
    expect(await textOf({ change, state: 'settled', outcome: applied })).toContain('Update segment group Web Apps');
    expect(await textOf({ change: parsed(rawCreate()) })).not.toContain('If it exists');
  });

  it.each([
    [
      rawCreate({ description: 'For partners', applications: [{ name: 'ssh' }] }),
      'Create segment group Web Apps',
      'For partners',
    ],
    [rawDelete(), 'Delete segment group', '216196257331404691'],
    [rawUpdate({ applications: { replace: [] } }), 'Update segment group', 'All application segments none'],
  ])('tells what was asked', async (raw, action, part) => {
    const text = await textOf({ change: parsed(raw) });
    expect(text).toContain(action);
    expect(text).toContain(part);
  });

  it('shows a deleted group as gone', async () => {
    const effect = { ...applied.effect, after: null };
    const text = await textOf({ state: 'settled', change: parsed(rawDelete()), outcome: { ...applied, effect } });
    expect(text).toContain('Live ZPA no longer has the segment group.');
    expect(text).toContain('What was deleted Name Remote Access');
  });

  it('escapes every text that came from outside', async () => {
    const evil = `<img src=x onerror=alert(1)>"'&`;
    const summary = { name: evil, description: evil, enabled: true, applicationCount: 0 };
    const page = await pageOf({
      ref: { ...recordOf().ref, tenant: evil, idempotencyKey: evil },
      ticket: {
        system: evil,
        id: evil,
        url: `https://a.example/"${evil}`,
        requestedBy: evil,
        approvals: [{ by: evil, at: '2026-12-01T08:00:00Z', ref: evil }],
      },
      change: {
        ...parsed(rawCreate()),
        group: { name: evil },
        microtenant: evil,
        description: evil,
      } as ChangeRecord['change'],
      state: 'settled',
      outcome: {
        ...rejected,
        ...{ sentence: evil, remedy: evil, path: evil },
        zpaError: { code: 'refused', class: 'permanent', scope: 'change', effect: 'none', zpaId: evil, reason: evil },
        details: {
          [evil]: evil,
          candidates: [{ id: evil, name: evil }],
          rules: [{ ruleId: evil, ruleName: evil, policyType: evil, ruleOrder: evil, action: evil }],
          applications: [{ id: evil, name: evil, group: { id: evil, name: evil } }],
          differences: [{ field: evil, expected: evil, found: evil }],
          ...{ before: summary, intended: summary, live: { ...summary, modifiedBy: evil, modifiedTime: evil } },
          cut: evil,
        },
      },
      history: [
        { ...applied, effect: { ...applied.effect, before: summary } },
        { ...rejected, sentence: evil },
      ],
    });
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/="[^"]*onerror[^"]*'/);
    expect(page.split('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;').length).toBeGreaterThan(40);
  });

  it('spells out what would go unseen in a name, and keeps the direction of a name to itself', async () => {
    const details = { candidates: [{ id: '1', name: 'VPN\u202E\u200B' }] };
    const page = await pageOf({ state: 'settled', outcome: { ...rejected, details } });
    expect(page).not.toMatch(/[\u202E\u200B]/);
    expect(page.replace(/<code[^>]*>/g, '').replaceAll('</code>', '')).toContain('<bdi>VPNU+202EU+200B</bdi>');
  });

  it('links to web addresses only', async () => {
    const ticket = { ...recordOf().ticket, url: 'javascript:alert(1)' };
    expect(await pageOf({ ticket })).not.toContain('javascript:');
    expect(await pageOf({})).toContain('href="https://acme.example/CHG0031337"');
  });

  it('runs nothing and loads nothing: its policy names the one style it has', async () => {
    const answer = await (await createStatusWorld()).get(BROWSER);
    const style = /<style>(.*?)<\/style>/s.exec(answer.body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(answer.body).not.toMatch(/<script|style="|src=|@import|url\(/);
  });

  it('folds long lists', async () => {
    const added = [...Array.from({ length: 999 }, (_, i) => String(i + 1)), '(388 more)'];
    const page = await pageOf({ state: 'settled', outcome: { ...applied, effect: { ...applied.effect, added } } });
    expect(page).toContain('Application segments added <span class="quiet">1387</span>');
    expect(page).toContain('<summary>976 more</summary>');
  });
});

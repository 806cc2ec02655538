import { describe, expect, it } from 'vitest';
import { computeReach, truncateReach } from '../../../../shared/domain/reach/reach.ts';
import { reachSection } from '../../../../shared/domain/story/reach-section.ts';
import { aRule, membership, rulesRead } from '../../../fakes/rules.ts';

const joins = (count: number, ...rules: Parameters<typeof rulesRead>[0]) =>
  computeReach(
    [
      membership(
        '1',
        [],
        Array.from({ length: count }, (_, i) => String(11 + i)),
      ),
    ],
    rulesRead(rules),
    new Map([['11', 'Wiki <b>']]),
  );

describe('policy rules on the status page', () => {
  it('one row per rule, with what it gains and what that means', () => {
    const page = reachSection(joins(1, aRule({ groupIds: ['1'] }, { ruleName: 'R&D' }))).html;
    expect(page).toContain('1 policy rule changes in reach');
    expect(page).toContain('<bdi>R&amp;D</bdi><br><bdi>ACCESS_POLICY, order 3, ALLOW</bdi>');
    expect(page).toContain('<td>1<ul><li><bdi>Wiki &lt;b&gt;</bdi></li></ul></td><td>–</td><td>opens access</td>');
  });

  it('what is only perhaps so, and what is left out, is said', () => {
    const rules = Array.from({ length: 3 }, () => aRule({ groupIds: ['1'], plain: false }));
    const page = reachSection(truncateReach(joins(7, ...rules), 2)).html;
    expect(page).toContain('<td>perhaps 7<ul>');
    expect(page).toContain('<li>2 more</li>');
    expect(page).toContain('<p>And 1 more.</p>');
  });

  it('no rules, no table', () => {
    expect(reachSection(joins(1)).html).toBe(
      '<h3>Policy impact</h3><p><bdi>No policy rule gains or loses an application segment (rules as of 10:20:31 UTC).</bdi></p>',
    );
    expect(reachSection({ status: 'checked', summary: 'no policy rule named the group' }).html).not.toContain(
      '<table>',
    );
    expect(reachSection({ status: 'checked', summary: 'none', skipped: ['A', 'B<'] }).html).toContain(
      '<p class="quiet">Not licensed, so not read: <bdi>A, B&lt;</bdi>.</p>',
    );
    expect(reachSection({ status: 'not-checked', reason: 'nobody looked' }).html).toContain(
      'Not checked: nobody looked.',
    );
  });
});

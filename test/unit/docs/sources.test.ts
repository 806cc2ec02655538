import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import {
  readDeliveryIdentity,
  replayRuleOf,
  withoutDeliveryIdentity,
} from '../../../shared/domain/source/replay-protection.ts';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/sources.md'), 'utf8');
const blocks = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(
  (match): Record<string, unknown> => JSON.parse(match[1] ?? ''),
);
const isSource = (block: Record<string, unknown>) => 'system' in block;

function configured(block: Record<string, unknown>) {
  const parsed = configurationSchema.parse({ name: 'docs', tenants: {}, sources: { one: block } });
  const source = parsed.sources.one;
  if (source === undefined) throw new Error('it is configured above');
  return source;
}

describe('docs/sources.md', () => {
  it('shows sources that a configuration may hold', () => {
    const sources = blocks.filter(isSource).map(configured);
    expect(sources.map(({ scheme }) => scheme.kind)).toEqual(['jira', 'hmac', 'bearer']);
    for (const { scheme } of sources) expect(schemeOf(scheme).isSecret('x'.repeat(32))).toBe(true);
  });

  it('shows a body of Jira Automation that the source beside it takes', () => {
    const bearer = blocks
      .filter(isSource)
      .map(configured)
      .find(({ scheme }) => scheme.kind === 'bearer');
    const rule = bearer && replayRuleOf(bearer.scheme, bearer.replay);
    const body = blocks.find((block) => 'requestId' in block);
    if (rule === undefined || body === undefined) throw new Error('the page shows both');
    // As Atlassian documents what {{now}} returns (support.atlassian.com, "Smart values: date and time").
    const filled: unknown = JSON.parse(JSON.stringify(body).replaceAll('{{now}}', '2026-12-01T08:00:00.0+0000'));
    const now = Date.UTC(2026, 11, 1, 8);
    expect(readDeliveryIdentity(rule, { headers: {}, value: filled, now, toleranceSeconds: 300 })).toMatchObject({
      identity: { at: now },
    });
    expect(withoutDeliveryIdentity(rule, filled)).toEqual({ changes: [] });
  });

  it('names in its table every scheme that a secret is described for', () => {
    for (const kind of ['standard-webhooks', 'jira', 'github', 'hmac', 'bearer', 'basic']) {
      expect(PAGE.match(new RegExp(`\\| .*\`?${kind}`, 'g'))?.length).toBeGreaterThanOrEqual(2);
    }
  });
});

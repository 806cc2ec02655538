import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pictures } from '../../../docs/pictures/forms.ts';
import { gateOf } from '../../../shared/domain/approval/approval-schema.ts';
import { judgeTicket } from '../../../shared/domain/approval/judge-ticket.ts';
import {
  type Configuration,
  configurationSchema,
  secretNames,
} from '../../../shared/domain/configuration/configuration.ts';
import { neededSecrets } from '../../../shared/domain/configuration/needed-secrets.ts';
import { mapTicket } from '../../../shared/domain/mapping/map-ticket.ts';
import { readDeliveryIdentity, replayRuleOf } from '../../../shared/domain/source/replay-protection.ts';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';

const root = join(import.meta.dirname, '../../..');
const PAGES = ['servicenow', 'jira', 'github', 'any-webhook'] as const;
type Page = (typeof PAGES)[number];
const text = (page: Page) => readFileSync(join(root, `docs/${page}.md`), 'utf8');
const fenced = (page: Page, kind: string) =>
  [...text(page).matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, inside = '']) => inside);
const blocks = (page: Page) => fenced(page, 'json').map((block): Record<string, unknown> => JSON.parse(block));

const { tenants }: { tenants: object } = JSON.parse(readFileSync(join(root, 'settings.example.json'), 'utf8'));
/** Pasted under `sources` of the example. */
const configured = (sources: Record<string, unknown>): Configuration =>
  configurationSchema.parse({ name: 'zpa-changes', tenants, sources });

/** Every source that the page shows, those made by replacing lines too: each stands in the place of the first. */
function sourcesOf(page: Page): Configuration['sources'] {
  const [first = {}, ...others] = blocks(page);
  const [[name, source] = ['', {}]] = Object.entries(first);
  const variants = others.filter((block) => 'scheme' in block).map((lines) => ({ ...Object(source), ...lines }));
  const all = [[name, source] as const, ...variants.map((one, index) => [`${name}-${index}`, one] as const)];
  return Object.assign({}, ...all.map(([key, one]) => configured({ [key]: one }).sources));
}

const shortOf = (name: string) => name.slice('zpa-changes/'.length);

const evaluate = () => Promise.reject(new Error('no page has an expression'));

describe.each(PAGES)('docs/%s.md', (page) => {
  const prose = text(page);

  it('has what every page has, in half a sentence the name of its webhook', () => {
    for (const heading of [
      '## What you need',
      '## Try it on your own machine',
      '## What goes wrong',
      '## What protects it',
    ]) {
      expect(prose).toContain(heading);
    }
    expect(prose).toContain('`PublicUrl`');
  });

  it('shows sources that stand in the example of settings as they are', () => {
    const sources = Object.values(sourcesOf(page));
    expect(sources.length).toBeGreaterThan(0);
    for (const { grants, approval } of sources) {
      expect(grants).not.toEqual([]);
      expect(approval).toBeDefined();
    }
  });

  it('puts secrets where the product looks for them, in the form of their scheme', () => {
    const sources = Object.entries(sourcesOf(page)).slice(0, 1);
    for (const [name, source] of sources) {
      const { scheme } = source;
      const needed = neededSecrets({ name: 'zpa-changes', tenants: {}, sources: { [name]: source } });
      const ofTickets = needed.filter(({ kind }) => kind !== 'source' && kind !== 'status' && kind !== 'catalog');
      const commands = [
        `secrets set ${shortOf(secretNames.source('zpa-changes', name))} < source.json`,
        ...ofTickets.map((one) => `secrets set ${shortOf(one.name)} < tickets.json`),
      ];
      expect(commands.filter((command) => !prose.includes(`npx zpa-changes ${command}`))).toEqual([]);
      const bytes = Buffer.alloc(32, 7).toString('base64');
      const made = /secrets: \['whsec_' \+/.test(prose) ? `whsec_${bytes}` : bytes;
      expect(schemeOf(scheme).isSecret(made)).toBe(true);
    }
  });

  it('shows drawings that are there, small, and say what they are', () => {
    const shown = [...prose.matchAll(/!\[([^\]]+)\]\((pictures\/[\w-]+\.svg)\)/g)];
    if (page !== 'any-webhook') expect(shown.length).toBeGreaterThan(0);
    for (const [, alt, file = ''] of shown) {
      expect(alt).toMatch(/\w{4}/);
      expect(statSync(join(root, 'docs', file)).size).toBeLessThan(60_000);
    }
    if (shown.length > 0) expect(prose).toMatch(/drawings? made for this page/);
  });

  it('names files and commands that exist', () => {
    const files = [...prose.matchAll(/(?:local|cdk)\/[\w/-]+\.json/g)].map(([file]) => file);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const commands = [...prose.matchAll(/zpa-changes (sources (?:test|sign)) (\S+)/g)];
    for (const [, , name = ''] of commands)
      expect([...Object.keys(sourcesOf(page)), 'jira-automation']).toContain(name);
  });
});

it('every picture stands on a page', () => {
  const all = PAGES.map(text).join('\n');
  const unused = Object.keys(pictures()).filter((path) => !all.includes(path.replace('docs/', '')));
  expect(unused).toEqual([]);
});

/** The result of mapping a payload by the first source of a page. */
async function taken(page: Page, payload: unknown) {
  const [[name, source] = ['', undefined]] = Object.entries(sourcesOf(page));
  const gate = source?.approval && gateOf(source.approval);
  if (source?.mapping === undefined || gate === undefined) throw new Error('the page shows both');
  const mapped = await mapTicket(source.mapping, payload, { source: name, evaluate });
  return { verdict: judgeTicket(gate, payload).kind, mapped };
}

describe('what the pages send', () => {
  it('docs/any-webhook.md: its body is approved, and two applications join', async () => {
    const body = blocks('any-webhook').find((block) => 'ticket' in block);
    expect(await taken('any-webhook', body)).toMatchObject({
      verdict: 'approved',
      mapped: { changes: [{ applications: { add: [{ name: 'Ticket Desk' }, { name: 'Phone Book' }] } }] },
    });
    expect(await taken('any-webhook', { ...body, status: 'waiting' })).toMatchObject({ verdict: 'submitted' });
  });

  it('docs/github.md: its issue is approved, and two applications join', async () => {
    const [, issue = ''] = /<<'END'\n([\s\S]*?)END\n/.exec(text('github')) ?? [];
    expect(await taken('github', JSON.parse(issue))).toMatchObject({
      verdict: 'approved',
      mapped: { ticket: { id: '7', requestedBy: 'sam-oduya' }, changes: [{ group: { name: 'Field Service' } }] },
    });
  });

  it.each([
    [
      'servicenow',
      ([action, group, added]: string[]) => ({
        record: { number: 'CHG0040001', u_zpa_action: action, u_zpa_group: group, u_zpa_applications_to_add: added },
      }),
    ],
    [
      'jira',
      ([action, group, added]: string[]) => ({
        issue: {
          key: 'ZPA-101',
          fields: { customfield_10101: { value: action }, customfield_10102: group, customfield_10106: added },
        },
      }),
    ],
  ] as const)('docs/%s.md: the ticket that one tries is one change', async (page, asSent) => {
    const fields = /\*ZPA action\* `(.+)`, \*ZPA group\* `(.+)`, \*ZPA applications to add\* `(.+)`\./;
    const [, ...values] = fields.exec(text(page)) ?? [];
    expect(await taken(page, asSent(values))).toMatchObject({
      mapped: { kind: 'mapped', changes: [{ tenant: 'acme-prod', action: 'update' }] },
    });
  });

  it('docs/jira.md: the rule’s custom data is what its source’s replay guard reads, and the picture shows the same', () => {
    const data = blocks('jira').find((block) => 'requestId' in block);
    const rule = Object.values(sourcesOf('jira')).find(({ scheme }) => scheme.kind === 'bearer');
    const replay = rule && replayRuleOf(rule.scheme, rule.replay);
    if (replay === undefined) throw new Error('the page shows it');
    const now = Date.UTC(2026, 11, 1, 8);
    const filled: unknown = JSON.parse(JSON.stringify(data).replaceAll('{{now}}', '2026-12-01T08:00:00.0+0000'));
    expect(readDeliveryIdentity(replay, { headers: {}, value: filled, now, toleranceSeconds: 300 })).toMatchObject({
      identity: { at: now },
    });
    const picture = pictures()['docs/pictures/jira-automation.svg'] ?? '';
    for (const name of Object.keys(data ?? {})) expect(picture).toContain(`&quot;${name}&quot;`);
    expect(picture).toContain('X-Automation-Secret');
  });

  it('docs/servicenow.md: its columns are read by the mapping', () => {
    const columns = [...text('servicenow').matchAll(/`(u_zpa_\w+)`/g)].map(([, column = '']) => column);
    const preset = readFileSync(join(root, 'docs/mapping.md'), 'utf8');
    expect(columns.length).toBeGreaterThan(5);
    for (const column of columns) expect(preset).toContain(`\`${column.replace('u_', '')}\``);
  });
});

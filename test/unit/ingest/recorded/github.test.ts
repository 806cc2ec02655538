import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import github from '@octokit/webhooks-examples/api.github.com/index.json' with { type: 'json' };
import ghes35 from '@octokit/webhooks-examples/ghes-35/index.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { createMemorySecrets } from '../../../fakes/memory-secrets.ts';
import { CONFIGURATION, createIngestWorld, read } from '../ingest-world.ts';

/** Deliveries as GitHub sent them, recorded by the community (Octokit), to the source that docs/github.md shows. */
const page = readFileSync(join(import.meta.dirname, '../../../../docs/github.md'), 'utf8');
const [, source = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
const SECRET = 'the secret of a repository';

type Payload = {
  action?: string;
  label?: { name: string };
  issue?: { number: number; body: string | null; user: { login: string } };
  sender?: { login: string };
};
type Recorded = { event: string; payload: Payload };

/** Each body once: a body that comes again under another id counts as a replay. */
const RECORDED: Recorded[] = [
  ...new Map(
    [...github, ...ghes35].flatMap(({ name, examples }) =>
      examples.map((payload) => [JSON.stringify(payload), { event: name, payload: payload as Payload }] as const),
    ),
  ).values(),
];

function createGithubWorld() {
  const configuration = configurationSchema.parse({ ...CONFIGURATION, sources: JSON.parse(source) });
  const secrets = createMemorySecrets({
    'test/source/github': JSON.stringify({ secrets: [SECRET] }),
    'test/status': 'any long random text',
  });
  const world = createIngestWorld({ configuration, secrets });
  let deliveries = 0;
  const deliver = async ({ event, payload }: Recorded) => {
    deliveries += 1;
    const body = JSON.stringify(payload);
    const headers = {
      'webhook-id': undefined,
      'webhook-signature': undefined,
      'webhook-timestamp': undefined,
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-delivery': `72d3162e-cc78-11e3-81ab-${String(deliveries).padStart(12, '0')}`,
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    };
    return read(await world.send(body, { source: 'github', headers }));
  };
  return { ...world, deliver };
}

/** The answer that the event calls for: only an issue can be a ticket, and only its label approves it. */
function expectedOf({ payload: { action, issue } }: Recorded) {
  if (issue === undefined) return { result: 'ignored', reason: 'no-ticket' };
  if (action === 'closed') return { ticket: String(issue.number), result: 'withdrawn', cancelled: 0 };
  return { result: 'ignored', reason: 'not-approved' };
}

describe('recorded deliveries of GitHub', () => {
  it('are answered 200 with the reason, whatever the event, and none becomes a change', async () => {
    const world = createGithubWorld();
    const wrong: unknown[] = [];
    const told = new Map<string, number>();
    for (const one of RECORDED) {
      const { status, body } = await world.deliver(one);
      const { reason, result, detail } = body;
      told.set(String(reason ?? result), (told.get(String(reason ?? result)) ?? 0) + 1);
      const expected = expectedOf(one);
      const isRight = status === 200 && Object.entries(expected).every(([name, value]) => body[name] === value);
      if (!isRight || (result === 'ignored' && !detail)) wrong.push({ event: one.event, status, body });
    }
    expect(wrong).toEqual([]);
    expect(RECORDED.length).toBeGreaterThan(300);
    expect(told.get('not-approved')).toBeGreaterThan(30);
    expect(world.ledger.allChanges()).toEqual([]);
  });

  const labeled = RECORDED.filter(({ event, payload }) => event === 'issues' && payload.action === 'labeled');
  /** The recorded delivery with our label, and a text and a sender of this test. */
  const approved = ({ event, payload }: Recorded, body: string | null, sender: string): Recorded => ({
    event,
    payload: {
      ...payload,
      label: { name: 'zpa-approved' },
      ...(payload.issue === undefined ? {} : { issue: { ...payload.issue, body } }),
      sender: { ...payload.sender, login: sender },
    },
  });

  it('are judged where an issue gets the label', async () => {
    expect(labeled.length).toBeGreaterThan(1);
    for (const one of labeled) {
      const author = one.payload.issue?.user.login ?? '';
      const world = createGithubWorld();
      // The recorded text is a sentence for people; its faults are told before anything is said of its approval.
      const asRecorded = approved(one, one.payload.issue?.body ?? null, author);
      expect((await world.deliver(asRecorded)).status).toBe(422);
      const text = 'Add applications; Field Service; Ticket Desk, Phone Book';
      expect((await world.deliver(approved(one, text, author))).body).toMatchObject({ reason: 'self-approved' });
      expect((await world.deliver(approved(one, text, 'triage[bot]'))).body).toMatchObject({ reason: 'no-approval' });
      expect(world.ledger.allChanges()).toEqual([]);
      const taken = await world.deliver(approved(one, text, 'priya-nair'));
      expect(taken.status).toBe(202);
      expect(world.ledger.allChanges()).toMatchObject([
        { ref: { source: 'github' }, ticket: { requestedBy: author, approvals: [{ by: 'priya-nair' }] } },
      ]);
    }
  });
});

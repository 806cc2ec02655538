import { type Connected, FIELDS, type Form } from './form.ts';

/** The webhook of a GitHub repository. */
export function githubSending({ source, address }: Connected): Form[] {
  const repository = /github\.com\/([^/]+\/[^/]+)/.exec(source.ticketUrl ?? '')?.[1] ?? 'the repository';
  return [
    {
      title: 'Webhook',
      where: `${repository} > Settings > Webhooks > Add webhook`,
      head: FIELDS,
      rows: [
        ['Payload URL', address],
        ['Content type', 'application/json'],
        ['Secret', 'the secret'],
        ['SSL verification', 'Enable'],
        ['Which events', 'Let me select individual events: Issues ticked, Pushes not'],
        ['Active', 'ticked'],
      ],
      secret: 'source',
      notes: [
        'Whoever may label issues there may approve (Triage and above): keep that list short.',
        'The ping that GitHub sends at once is answered 200 with "ignored": see Recent Deliveries.',
      ],
    },
  ];
}

/** The form tells a tool of your own all that it has to know. */
export function toolSending({ source, address }: Connected): Form[] {
  const { scheme, tickets } = source;
  const header = 'header' in scheme && scheme.header !== undefined ? scheme.header : undefined;
  const sending: Form = {
    title: 'What the tool sends',
    where: 'In the tool: at submission, approval and withdrawal',
    head: FIELDS,
    rows: [
      ['Address', address],
      ['Method', 'POST'],
      ['Header', 'content-type: application/json'],
      header === undefined
        ? ['Headers', 'webhook-id, webhook-timestamp, webhook-signature: signed with the secret']
        : ['Header', `${header}: the secret`],
      ['Body', 'docs/any-webhook.md, "What the tool sends", which also shows how curl and openssl sign it'],
    ],
    secret: 'source',
    notes:
      header === undefined
        ? []
        : ['The body also holds "requestId", another one for each delivery, and "timestamp", the time in seconds.'],
  };
  if (tickets === undefined) return [sending];
  return [
    sending,
    {
      title: 'What the tool takes',
      where: `${tickets.url} takes signed POSTs with plans and results`,
      head: FIELDS,
      rows: [['Signature', 'webhook-signature, checked with this second secret']],
      secret: 'tickets',
      notes: [],
    },
  ];
}

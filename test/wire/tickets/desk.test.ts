import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startJira } from '../../../local/ticket-systems/jira/jira.ts';
import { startServiceNow } from '../../../local/ticket-systems/servicenow/servicenow.ts';
import { startWorld, type World } from '../../../local/world/world.ts';

/** The small ticket systems by their pages alone, as somebody learns on them. */
let world: World;
beforeAll(async () => {
  world = await startWorld({ ticketSystems: true, timeFactor: 10, schedules: false, simulator: { limits: 'off' } });
});
afterAll(() => world.close());

const post = (url: string, path: string, fields: Record<string, string>) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
    redirect: 'manual',
  });
const pageOf = async (url: string, path = '/') => (await fetch(url + path)).text();
const systems = () => {
  if (world.ticketSystems === undefined) throw new Error('the world has ticket systems');
  return world.ticketSystems;
};
/** The ticket on its page, from its heading on. */
const articleOf = (page: string, id: string) => page.split(`<article id="${id}">`)[1]?.split('</article>')[0] ?? '';
/** The buttons of a ticket, by their words. */
const actsOf = (article: string) =>
  [...article.matchAll(/value="([^"]+)"(?: class="first")?>([^<]+) <small>as ([^<]+)</g)].map(
    ([, act = '', label = '', as = '']) => ({ act, label: label.trim(), as }),
  );

const WALKS = [
  {
    name: 'ServiceNow',
    url: () => systems().servicenow.url,
    source: 'servicenow-tickets',
    form: {
      short_description: 'Room <b>',
      u_zpa_action: 'Add applications',
      u_zpa_group: 'Field Service',
      u_zpa_applications_to_add: 'Ticket Desk\r\nPhone Book',
    },
    steps: ['Request Approval as kim.adeyemi', 'Approve as lena.brandt', 'Implement as kim.adeyemi'],
    end: 'Review',
  },
  {
    name: 'Jira',
    url: () => systems().jira.url,
    source: 'jira-tickets',
    form: {
      summary: 'Room <b>',
      customfield_10101: 'Add applications',
      customfield_10102: 'Staging Apps',
      customfield_10106: 'Room Booking',
    },
    steps: ['Ask for approval as sam.oduya', 'Approve as priya.nair'],
    end: 'Done',
  },
];

describe.each(WALKS)('the pages of the small $name', ({ url, source, form, steps, end }) => {
  it('file a ticket, send it signed, let another person approve it, and show what came of it', async () => {
    const secret = await world.sourceSecret(source);
    await post(url(), '/sending', { address: `${world.url}/webhooks/${source}`, secret });
    const saved = await post(url(), '/save', { id: '', ...form });
    expect(saved.status).toBe(303);
    const id = (saved.headers.get('location') ?? '').slice(2);
    for (const step of steps) {
      const offered = actsOf(articleOf(await pageOf(url()), id));
      const act = offered.find(({ label, as }) => `${label} as ${as}` === step)?.act;
      expect({ step, offered, found: act !== undefined }).toMatchObject({ found: true });
      await post(url(), '/act', { id, act: act ?? '' });
    }
    const article = await world.until(async () => {
      const found = articleOf(await pageOf(url()), id);
      return found.includes(`<span class="pill">${end}</span>`) && found.includes('The change is live in ZPA')
        ? found
        : undefined;
    });
    expect(article).toContain('Room &lt;b&gt;');
    expect(article).toMatch(/<td>(lena\.brandt|priya\.nair)<\/td><td>[\w ]+<\/td><td><time datetime="\d{4}-/);
    expect(article).toContain('<table>');
    const log = await pageOf(url(), '/sending');
    expect(log).toContain('plan-requested');
    expect(log).not.toContain(secret);
  });

  it('say what the webhook answered to another secret, and edit what is there', async () => {
    const other = source.startsWith('jira') ? 'x'.repeat(32) : `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    await post(url(), '/sending', { address: `${world.url}/webhooks/${source}`, secret: other });
    const id = ((await post(url(), '/save', { id: '', ...form })).headers.get('location') ?? '').slice(2);
    expect(await pageOf(url(), '/sending')).toMatch(new RegExp(`${id}</td><td class="bad">401</td>`));
    expect(await pageOf(url(), `/edit?id=${id}`)).toContain('value="Room &lt;b&gt;"');
    const group = Object.keys(form).find((name) => /group$|10102$/.test(name)) ?? '';
    await post(url(), '/save', { id, ...form, [group]: 'Finance' });
    expect(articleOf(await pageOf(url()), id)).toContain('<dd>Finance</dd>');
  });

  it('fill in a form with each value as it was saved, long, odd or not among the choices', async () => {
    const [summary = '', action = '', group = '', list = ''] = Object.keys(form);
    const long = `${'Long Name, '.repeat(120)}<end>`;
    const odd = { [summary]: 'A\u200bB', [action]: 'rename group', [group]: 'Tab\there', [list]: `First\r\n${long}` };
    const id = ((await post(url(), '/save', { id: '', ...odd })).headers.get('location') ?? '').slice(2);
    const page = await pageOf(url(), `/edit?id=${id}`);
    expect(page).toContain(`name="${summary}" value="A\u200bB"`);
    expect(page).toContain('<option selected>rename group</option>');
    expect(page).toContain(`name="${group}" value="Tab\there"`);
    expect(page).toContain(`>First\n${long.replace('<end>', '&lt;end&gt;')}</textarea>`);
  });

  it('do nothing that a ticket does not offer, and send nothing then', async () => {
    await post(url(), '/sending', { address: `${world.url}/webhooks/${source}` });
    const id = ((await post(url(), '/save', { id: '', ...form })).headers.get('location') ?? '').slice(2);
    const before = actsOf(articleOf(await pageOf(url()), id));
    for (const act of ['state 3', '41', 'approved 0', '']) await post(url(), '/act', { id, act });
    expect(actsOf(articleOf(await pageOf(url()), id))).toEqual(before);
    expect((await pageOf(url(), '/sending')).split(`<td>${id}</td>`)).toHaveLength(2);
  });
});

it('are for programs and people of this machine alone', async () => {
  const [servicenow, jira] = await Promise.all([startServiceNow(), startJira()]);
  for (const { url } of [servicenow, jira]) {
    const foreign = await fetch(`${url}/save`, { method: 'POST', headers: { origin: 'https://elsewhere.example' } });
    expect(foreign.status).toBe(421);
  }
  await Promise.all([servicenow.close(), jira.close()]);
});

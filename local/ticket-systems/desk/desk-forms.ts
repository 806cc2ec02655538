import type { Sender, SenderWords } from './sender.ts';
import { type Links, pageOf, shown, time } from './ticket-page.ts';

/** A field of the form of a ticket; with `options` one of them is chosen. */
export type FormField = { name: string; label: string; options?: readonly string[]; isLong?: boolean; hint?: string };

type Head = { title: string; links: Links };

/** The form of a ticket, to file one or to edit it. It is not read anew by itself. */
export function fillInPage(
  { title, links }: Head,
  form: readonly FormField[],
  values: Readonly<Record<string, string>>,
  id: string | undefined,
): string {
  const fields = form.map((field) => labelled(field.label, control(field, values[field.name] ?? ''))).join('');
  const hidden = `<input type="hidden" name="id" value="${shown(id ?? '')}">`;
  const heading = id === undefined ? 'New ticket' : `Edit ${shown(id)}`;
  const body = `<form method="post" action="/save" class="sheet"><h2>${heading}</h2>${hidden}${fields}<button class="first">Save</button></form>`;
  return pageOf(title, body, { links });
}

const labelled = (label: string, inside: string) => `<label><span>${shown(label)}</span>${inside}</label>`;

function control({ name, options, isLong, hint = '' }: FormField, value: string): string {
  if (isLong === true) return `<textarea name="${name}" rows="3">${shownValue(value)}</textarea>`;
  if (options === undefined) return `<input name="${name}" value="${shownValue(value)}" placeholder="${shown(hint)}">`;
  const choices = ['', ...options].map(
    (option) => `<option${option === value ? ' selected' : ''}>${shown(option)}</option>`,
  );
  return `<select name="${name}">${choices.join('')}</select>`;
}

const shownValue = (text: string) =>
  text
    .split('\n')
    .map((line) => shown(line))
    .join('\n');

/** Shows the form that sets up the sender of the tickets, with the results of the last ones. The secret is never shown. */
export function sendingPage({ title, links }: Head, words: SenderWords, sender: Sender): string {
  const { address, hasSecret } = sender.configured();
  const secret = hasSecret ? 'a secret is stored; blank: keep it' : '';
  const form = `<form method="post" action="/sending" class="sheet"><h2>${shown(words.title)}</h2><p class="soft">${shown(words.says)}</p>
${labelled(words.address, `<input name="address" value="${shown(address)}" placeholder="http://127.0.0.1:…/webhooks/NAME">`)}
${labelled(words.secret, `<input name="secret" type="password" autocomplete="off" placeholder="${secret}">`)}<button class="first">Save</button></form>`;
  const rows = sender
    .log()
    .map(
      ({ at, ticket, status, says }) =>
        `<tr><td>${shown(ticket)}</td><td class="${status < 300 && status > 0 ? 'good' : 'bad'}">${status === 0 ? 'no answer' : status}</td><td>${shown(says)}</td><td>${time(at)}</td></tr>`,
    );
  const log =
    rows.length === 0
      ? '<p class="soft">Nothing was sent yet.</p>'
      : `<div class="wide"><table><tr><th>Ticket</th><th>Answer</th><th>Result</th><th>When</th></tr>${rows.join('')}</table></div>`;
  return pageOf(title, `${form}<section class="sheet"><h2>Log</h2>${log}</section>`, { links });
}

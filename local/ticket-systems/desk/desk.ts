import type { Answer, TicketCall } from '../http/http.ts';
import { type FormField, fillInPage, sendingPage } from './desk-forms.ts';
import { LIVE_HEADERS } from './desk-script.ts';
import type { Sender, SenderWords } from './sender.ts';
import { type Links, type ShownTicket, ticketPage } from './ticket-page.ts';

/** A ticket system as people use it by its pages. */
export type TicketDesk = {
  title: string;
  words: SenderWords;
  form: readonly FormField[];
  tickets(): ShownTicket[];
  /** The values of the form of a ticket; undefined: there is none. */
  valuesOf(id: string): Record<string, string> | undefined;
  /** Files a ticket, or edits one, and answers its id. */
  save(id: string | undefined, values: Readonly<Record<string, string>>): string;
  /** Does what one of its buttons says. False: nothing was done, because the ticket does not offer it or refuses it. */
  act(id: string, act: string): boolean;
};

/**
 * Answers the calls of people's browsers: tickets, their forms and buttons, and the form of the sender. undefined: the
 * call is for no page of these. A changed ticket is sent before the answer, so that the next page shows the webhook's
 * answer.
 */
export async function answerDesk(desk: TicketDesk, sender: Sender, call: TicketCall): Promise<Answer | undefined> {
  const links: Links = [
    ['/', 'Tickets'],
    ['/new', 'New'],
    ['/sending', desk.words.title],
  ];
  const head = { title: desk.title, links };
  switch (`${call.method} ${call.path}`) {
    case 'GET /':
      return { ...page(ticketPage(desk.title, desk.tickets(), links)), headers: LIVE_HEADERS };
    case 'GET /new':
      return page(fillInPage(head, desk.form, {}, undefined));
    case 'GET /edit': {
      const id = call.query.get('id') ?? '';
      const values = desk.valuesOf(id);
      return values === undefined ? toTicket('') : page(fillInPage(head, desk.form, values, id));
    }
    case 'GET /sending':
      return page(sendingPage(head, desk.words, sender));
    case 'POST /save': {
      const { id: edited = '', ...values } = call.form;
      const id = desk.save(edited === '' ? undefined : edited, values);
      await sender.send(id);
      return toTicket(id);
    }
    case 'POST /act': {
      const { id = '', act = '' } = call.form;
      if (desk.act(id, act)) await sender.send(id);
      return toTicket(id);
    }
    case 'POST /sending':
      sender.configure({ address: call.form.address ?? '', secret: call.form.secret ?? '' });
      return seeOther('/sending');
    default:
      return undefined;
  }
}

const page = (html: string): Answer => ({ status: 200, html });
const seeOther = (location: string): Answer => ({ status: 303, html: '', headers: { location } });
const toTicket = (id: string) => seeOther(`/#${encodeURIComponent(id)}`);

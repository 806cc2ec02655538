import { createHash } from 'node:crypto';

/**
 * Reads the tickets again while they are seen, and replaces those alone that differ, so that the focus and the scroll position stay.
 * Without it the page is loaded again by itself.
 */
export const DESK_SCRIPT = `
const main = document.querySelector('main');
const focusable = (ticket) => [...ticket.querySelectorAll('a, button')];
function show(next) {
  const old = document.getElementById(next.id);
  if (old === null || old.isEqualNode(next)) return old ?? next;
  const focus = focusable(old).indexOf(document.activeElement);
  old.replaceWith(next);
  focusable(next)[focus]?.focus({ preventScroll: true });
  return next;
}
async function read() {
  try {
    if (document.visibilityState !== 'visible') return;
    const answer = await fetch(location.pathname);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const shown = [...page.querySelectorAll('main > *')].map((one) => (one.id === '' ? one : show(one)));
    const isSame = shown.length === main.children.length && shown.every((one, at) => one.isEqualNode(main.children[at]));
    const focused = document.activeElement;
    if (!isSame) main.replaceChildren(...shown);
    if (focused?.isConnected) focused.focus({ preventScroll: true });
  } catch {
  } finally {
    setTimeout(read, 3000);
  }
}
setTimeout(read, 3000);
`;

/** A page with tickets may load them again, by its own script alone. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(DESK_SCRIPT).digest('base64')}'; connect-src 'self'; form-action 'self'`;

export const LIVE_HEADERS = { 'content-security-policy': POLICY };

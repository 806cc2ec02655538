// Reads the page again while it is seen, and changes only what differs, so that focus, open details, entries and the scroll
// position stay. Without this script the page works by reloading.
const main = document.getElementById('main');
const live = document.getElementById('live');
const SLOWEST_MS = 30_000;
let failures = 0;
let timer;

/** Rows are matched by what they are about, so that an entry stays with its row when another one comes before it. */
function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeName;
  const own = node.id || node.dataset.key;
  if (own) return `${node.nodeName} ${own}`;
  if (!node.matches('li, tr, article, section')) return node.nodeName;
  const inner = node.querySelector('[data-key], [id]');
  return `${node.nodeName} ${inner?.dataset.key ?? inner?.id ?? node.querySelector('a[href]')?.getAttribute('href') ?? ''}`;
}

/** Details that the person opened or closed stay so, and a form that is being sent is not sent twice. */
const KEPT = { DETAILS: 'open', FORM: 'data-sent', BUTTON: 'aria-busy' };

function copyAttributes(from, to) {
  const kept = KEPT[to.nodeName];
  for (const { name } of [...to.attributes]) if (name !== kept && !from.hasAttribute(name)) to.removeAttribute(name);
  for (const { name, value } of from.attributes)
    if (name !== kept && to.getAttribute(name) !== value) to.setAttribute(name, value);
}

/** Makes the children of `to` those of `from`, and keeps the elements that both have. */
function morph(from, to) {
  const left = new Map();
  for (const child of to.childNodes) left.set(keyOf(child), [...(left.get(keyOf(child)) ?? []), child]);
  let place = to.firstChild;
  for (const child of [...from.childNodes]) {
    const same = left.get(keyOf(child))?.shift();
    if (same === undefined) {
      to.insertBefore(child, place);
      continue;
    }
    if (same === place) place = place.nextSibling;
    else to.insertBefore(same, place);
    if (same.nodeType !== Node.ELEMENT_NODE) {
      if (same.nodeValue !== child.nodeValue) same.nodeValue = child.nodeValue;
    } else if (!same.isEqualNode(child)) {
      copyAttributes(child, same);
      morph(child, same);
    }
  }
  for (const rest of left.values()) for (const child of rest) child.remove();
}

const isFilledIn = (form) =>
  [...form.elements].some((one) => {
    if (one.type === 'checkbox' || one.type === 'radio') return one.checked !== one.defaultChecked;
    if (one.nodeName === 'SELECT') return [...one.options].some((option) => option.selected !== option.defaultSelected);
    return one.defaultValue !== undefined && one.value !== one.defaultValue;
  });

/** A form that is filled in, or is about to be, would go with the part that is replaced. */
function losesEntry(next) {
  const keys = new Set([...next.querySelectorAll('form')].map(keyOf));
  const isInUse = (form) => form.contains(document.activeElement) || isFilledIn(form);
  return [...main.querySelectorAll('form')].some((form) => isInUse(form) && !keys.has(keyOf(form)));
}

const delay = () =>
  Math.min(Number(main.dataset.refreshMs) * 2 ** failures, Math.max(SLOWEST_MS, Number(main.dataset.refreshMs)));

function schedule() {
  clearTimeout(timer);
  if (main.dataset.refreshMs && document.visibilityState === 'visible') timer = setTimeout(read, delay());
}

/** The words follow what was read last, which stays in the footer. */
function tell(state, words) {
  live.dataset.live = state;
  let note = live.querySelector('.trouble');
  if (words === '') return note?.remove();
  if (note === null) {
    note = document.createElement('span');
    note.className = 'trouble';
    live.append(' ', note);
  }
  note.textContent = words;
}

function showTitle() {
  document.title = `${main.querySelector('h1').textContent} · zpa-changes`;
}

async function read() {
  try {
    const answer = await fetch(location.href, { headers: { 'x-refresh': '1' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.getElementById('main');
    if (!answer.ok || next === null || next.dataset.failed) {
      failures++;
      const why = next?.querySelector('.error p')?.textContent ?? 'Open the console with its link again.';
      return tell('no', `Could not be read at ${new Date().toISOString().slice(11, 19)} UTC: ${why}`);
    }
    if (losesEntry(next))
      return tell('no', 'Not read again, because it would remove your entry. Refresh to see the newest state.');
    failures = 0;
    const focused = document.activeElement;
    copyAttributes(next, main);
    morph(next, main);
    showTitle();
    // An element that is moved loses the focus.
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
    morph(page.getElementById('live'), live);
    tell('yes', '');
  } catch {
    failures++;
    tell('no', 'The console does not answer. Is `zpa-changes console` still running?');
  } finally {
    schedule();
  }
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && main.dataset.refreshMs) read();
  else clearTimeout(timer);
});

/** The result of a button has the focus: it is read aloud, and the keyboard goes on from there. */
function focusNotice() {
  const [words] = document.getElementById('notice').children;
  if (words === undefined) return;
  words.tabIndex = -1;
  words.focus({ preventScroll: true });
  words.scrollIntoView({ block: 'nearest' });
}

/** The console takes no longer form. Its answer would take the page and the text away. */
function isTooLong(form) {
  // A browser sends each end of a line as two characters.
  const { length } = new URLSearchParams(new FormData(form)).toString().replaceAll(/(%0D)?%0A/g, '%0D%0A');
  return length > Number(document.body.dataset.maxFormBytes);
}

function refuseTooLong() {
  const words = document.createElement('p');
  words.className = 'failed';
  words.textContent = 'This form is longer than 1 MiB. Nothing was sent. Shorten the text, which is still here.';
  document.getElementById('notice').replaceChildren(words);
  focusNotice();
}

// A button is pressed once; the page that opens afterwards tells the result.
document.addEventListener('submit', (event) => {
  if (event.target.method !== 'post') return;
  if (event.target.dataset.sent) return event.preventDefault();
  if (isTooLong(event.target)) {
    event.preventDefault();
    return refuseTooLong();
  }
  event.target.dataset.sent = 'yes';
  clearTimeout(timer);
  event.submitter?.setAttribute('aria-busy', 'true');
});

// A page that comes back from the browser's history can be used again.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
  for (const busy of document.querySelectorAll('[aria-busy]')) busy.removeAttribute('aria-busy');
  schedule();
});

// A button that copies is of no use without this script.
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = 'Copied';
  });
}

// Escape closes the form that a button opened; what is filled in stays in it.
document.addEventListener('keydown', (event) => {
  const opened = event.key === 'Escape' && event.target.closest('details.act[open]');
  if (!opened) return;
  opened.open = false;
  opened.querySelector('summary').focus();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches('input, textarea, select, [contenteditable]')) return;
  event.preventDefault();
  document.querySelector('input[type=search]').focus();
});

// A page that was waited for came with the title of its frame.
showTitle();
focusNotice();
if (main.dataset.refreshMs) tell('yes', '');
schedule();

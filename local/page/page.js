// Replaces the parts of the page that changed, as the server sends them; without it the page works by reloading.
const live = document.getElementById('live');
const say = (text) => {
  document.getElementById('notice').textContent = text;
};

function replace(part, markup) {
  const element = document.getElementById(part);
  if (element === null || element.dataset.last === markup) return;
  const focused = element.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
  const opened = [...element.querySelectorAll('details[open]')].map((one) => one.id);
  element.innerHTML = markup;
  element.dataset.last = markup;
  for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
  if (focused !== null) element.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
}

const events = new EventSource('/events');
events.addEventListener('parts', (event) => {
  for (const [part, markup] of Object.entries(JSON.parse(event.data))) replace(part, markup);
});
events.addEventListener('open', () => {
  live.dataset.live = 'yes';
  live.textContent = 'Live';
});
events.addEventListener('error', () => {
  live.dataset.live = 'no';
  live.textContent = 'Disconnected. Reconnecting … Is npm start still running?';
});

document.addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = event.submitter;
  // A disabled button is no part of its form's data.
  const body = new URLSearchParams(new FormData(form, button));
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } });
    say((await answer.json()).notice);
  } catch {
    say('No response. Is npm start still running?');
  } finally {
    button.disabled = false;
  }
});

/**
 * The one script of the page: it filters, unfolds, prints everything unfolded and copies commands. It reads text of the page
 * only to compare or copy it, and never makes markup of it.
 */
export const SCRIPT = `
'use strict';
(() => {
  const form = document.getElementById('filter');
  const rows = [...document.querySelectorAll('[data-row]')];
  const sections = [...document.querySelectorAll('[data-rows]')];
  const findings = rows.filter((row) => row.localName === 'details');
  const lists = [...document.querySelectorAll('details.list')];
  const { text, state, unfold } = form.elements;
  const says = form.querySelector('output');
  const texts = new Map();

  const textOf = (row) => {
    if (!texts.has(row)) {
      const copy = row.cloneNode(true);
      for (const commands of copy.querySelectorAll('.commands')) commands.remove();
      texts.set(row, copy.textContent.toLowerCase());
    }
    return texts.get(row);
  };

  const filter = () => {
    const words = text.value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
    let shown = 0;
    for (const row of rows) {
      const fits = (state.value === '' || row.dataset.state === state.value) && words.every((word) => textOf(row).includes(word));
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    const all = words.length === 0 && state.value === '';
    for (const section of sections) section.hidden = !all && section.querySelector('[data-row]:not([hidden]), .left-out') === null;
    if (!all) for (const list of lists) list.open = true;
    says.textContent = all ? '' : shown + ' of ' + rows.length + ' shown';
  };

  let unfolded = false;
  unfold.addEventListener('click', () => {
    unfolded = !unfolded;
    for (const finding of findings) finding.open = unfolded;
    unfold.textContent = unfolded ? 'Fold all' : 'Unfold all';
  });

  const copy = (code, button) => {
    const select = () => getSelection().selectAllChildren(code);
    const done = () => { button.textContent = 'Copied'; setTimeout(() => { button.textContent = 'Copy'; }, 1500); };
    if (navigator.clipboard === undefined) select();
    else navigator.clipboard.writeText(code.textContent).then(done, select);
  };
  for (const code of document.querySelectorAll('.commands .command')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', () => copy(code, button));
    code.after(button);
  }

  const openNamed = () => {
    const named = findings.find(({ id }) => id === location.hash.slice(1));
    if (named === undefined) return;
    named.open = true;
    named.scrollIntoView();
  };
  addEventListener('hashchange', openNamed);
  openNamed();

  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...findings, ...lists].filter(({ open }) => !open);
    for (const finding of folded) finding.open = true;
  });
  addEventListener('afterprint', () => {
    for (const finding of folded) finding.open = false;
  });

  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', filter);
  form.hidden = rows.length === 0;
  filter();
})();
`;

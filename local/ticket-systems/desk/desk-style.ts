/** The look of the small ticket systems' pages: a ticket as a form, on a phone and in the dark too. */
export const DESK_STYLE = `
:root { color-scheme: light dark;
  --ground: light-dark(#f4f5f7, #14171c); --panel: light-dark(#fff, #1c2027); --line: light-dark(#d8dde4, #353c47); --field: light-dark(#7b8594, #6f7a8a);
  --text: light-dark(#1b222c, #e5e9ef); --soft: light-dark(#566173, #a2adbc); --accent: light-dark(#1f57b0, #8db4ff);
  --on-accent: light-dark(#fff, #0e1520); --pill: light-dark(#e3ebf8, #263a5c); --good: light-dark(#17703f, #77d39b);
  --bad: light-dark(#a62b25, #ff9d94); font: 15px/1.45 system-ui, sans-serif; }
* { box-sizing: border-box; }
body { background: var(--ground); color: var(--text); margin: 0; }
header { background: var(--panel); border-bottom: 1px solid var(--line); padding: .75rem 0; }
header > div, main { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
header > div { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: baseline; }
main { padding: 1rem; }
a { color: var(--accent); text-underline-offset: 2px; }
h1 { font-size: 1.2rem; margin: 0; } h2 { font-size: 1.05rem; margin: 0; } h3 { font-size: .95rem; margin: .6rem 0 .2rem; }
article, form.sheet, .sheet { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; margin: 0 0 1rem; padding: 1rem; }
article:target { border-color: var(--accent); }
.head { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; justify-content: space-between; }
.pill { background: var(--pill); border-radius: 1rem; font-size: .85rem; font-weight: 600; padding: .1rem .7rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: .35rem 1.5rem; margin: .75rem 0; }
dl > div { display: grid; grid-template-columns: 11rem 1fr; gap: .5rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
dd:empty::after { content: "—"; color: var(--soft); }
pre { font: inherit; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
pre.aligned { font: .85rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
.wide, .rows { overflow-x: auto; } .rows { display: block; white-space: pre; }
table { border-collapse: collapse; margin: .3rem 0; } td, th { border: 1px solid var(--line); padding: .2rem .5rem; text-align: left; vertical-align: top; overflow-wrap: break-word; min-width: 5.5rem; }
:is(td, th) > p, .entry p { margin: 0; } .sheet > h2 { margin-bottom: .75rem; }
.entry { border-left: 3px solid var(--accent); margin: .6rem 0; padding-left: .75rem; overflow-wrap: anywhere; }
small, .soft { color: var(--soft); }
.acts { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
button, .button { font: inherit; background: var(--panel); color: var(--accent); border: 1px solid var(--accent); border-radius: 6px; cursor: pointer; padding: .35rem .8rem; text-decoration: none; }
button.first { background: var(--accent); color: var(--on-accent); } button small { color: inherit; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
label { display: block; margin: 0 0 .75rem; } label > span { display: block; color: var(--soft); margin-bottom: .2rem; }
input, select, textarea { font: inherit; width: 100%; color: var(--text); background: var(--ground); border: 1px solid var(--field); border-radius: 6px; padding: .4rem .6rem; }
::placeholder { color: var(--soft); opacity: 1; }
time span { white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); }
@media (max-width: 40rem) {
  dl > div { grid-template-columns: 1fr; gap: 0; }
  :is(.entry, .approvals) :is(table, tbody, tr, td) { display: block; min-width: 0; }
  :is(.entry, .approvals) tr:has(th) { position: absolute; clip-path: inset(50%); }
  :is(.entry, .approvals) tr { border: 1px solid var(--line); padding: .3rem .5rem; margin-bottom: .3rem; }
  :is(.entry, .approvals) td { border: 0; padding: 0; } :is(.entry, .approvals) td:first-child { font-weight: 600; }
}`;

/**
 * The one style sheet: one column on one axis, system fonts, colours by meaning and never by colour alone; dark where
 * the reader's system is; on paper everything is unfolded.
 */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b222c; --quiet: #566170; --line: #dde2e8; --back: #ffffff; --panel: #f6f8fa;
  --good: #17703f; --good-back: #eaf6ef; --bad: #a62b25; --bad-back: #fdf0ee; --wait: #2457b3; --wait-back: #eef3fc;
  --link: #2457b3; --label: 9rem; }
@media (prefers-color-scheme: dark) { :root { --text: #e5e9ef; --quiet: #9aa5b4; --line: #2f3641; --back: #14171c;
  --panel: #1c2027; --good: #77d39b; --good-back: #17291f; --bad: #ff9d94; --bad-back: #2e1c1b; --wait: #8db4ff;
  --wait-back: #1a2536; --link: #8db4ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; }
h3, caption { font-size: 1rem; font-weight: 600; margin: 1.25rem 0 .35rem; text-align: left; }
p { margin: .5rem 0 0; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px; }
header .where { color: var(--quiet); font-size: .9rem; margin: 0 0 .2rem; }
header .asks { font-size: 1.05rem; margin: .2rem 0 0; }
.state { border: 1px solid var(--line); border-left: .3rem solid var(--wait); border-radius: .5rem; background: var(--wait-back);
  margin-top: 1.5rem; padding: 1rem 1.25rem 1.1rem; }
.state h2 { font-size: 1.25rem; color: var(--wait); margin: 0; }
.state.good { border-left-color: var(--good); background: var(--good-back); } .state.good h2 { color: var(--good); }
.state.bad { border-left-color: var(--bad); background: var(--bad-back); } .state.bad h2 { color: var(--bad); }
.todo { margin-top: .75rem; } .todo b { display: block; }
.codes { color: var(--quiet); font-size: .9rem; margin-top: .75rem; }
dl { display: grid; grid-template-columns: var(--label) minmax(0, 1fr); gap: .4rem 1rem; margin: 0; }
dt { color: var(--quiet); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 0; }
caption { margin: 0; padding-bottom: .35rem; }
th, td { border-bottom: 1px solid var(--line); padding: .45rem 1rem .45rem 0; text-align: left; vertical-align: top; font-weight: normal; }
th:last-child, td:last-child { padding-right: 0; }
thead th { overflow-wrap: normal; color: var(--quiet); font-size: .9rem; padding-block: .2rem; }
tbody th { color: var(--quiet); width: calc(var(--label) + 1rem); overflow-wrap: normal; }
.fields td { width: 40%; }
.wide :is(th, td) { min-width: 6rem; } .set td:first-child { min-width: 9rem; overflow-wrap: break-word; }
td.same { color: var(--quiet); }
del { background: var(--bad-back); text-decoration-color: var(--bad); }
ins { background: var(--good-back); font-weight: 600; text-decoration: none; box-shadow: inset 0 -2px var(--good); }
td .id { display: block; }
ul, ol { margin: 0; padding: 0; list-style: none; }
.timeline li { display: grid; grid-template-columns: var(--label) minmax(0, 1fr); gap: 0 1rem; padding: .25rem 0 .25rem 1.1rem;
  border-left: 2px solid var(--line); position: relative; margin-left: .3rem; }
.timeline li::before { content: ''; position: absolute; left: -.36rem; top: .75rem; width: .6rem; height: .6rem; border-radius: 50%; background: var(--quiet); }
.timeline li:last-child::before { background: var(--link); }
.timeline b { font-weight: normal; color: var(--quiet); } .timeline li:last-child b { color: var(--text); font-weight: 600; }
.ids { columns: 13rem auto; column-gap: 1rem; }
.ids li { break-inside: avoid; }
summary { cursor: pointer; color: var(--link); }
details > :last-child { margin-top: .35rem; }
bdi { white-space: pre-line; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .88em; }
.unseen { border: 1px solid var(--line); border-radius: .2rem; color: var(--bad); padding: 0 .15rem; }
.id, .quiet { color: var(--quiet); }
.quiet { font-size: .9rem; }
@media (max-width: 34rem) {
  main { padding: 1.25rem 1rem 3rem; --label: 6.5rem; }
  .asked { grid-template-columns: minmax(0, 1fr); gap: 0; } .asked dd { margin-bottom: .6rem; }
  .wide thead { position: absolute; clip-path: inset(50%); }
  .wide tr { display: block; border-bottom: 1px solid var(--line); padding: .45rem 0; }
  .wide th, .wide td { display: block; border: 0; padding: 0; width: auto; }
  .wide tbody :is(th, td):first-child { color: var(--text); font-weight: 600; }
  .wide td:not(:first-child) { display: grid; grid-template-columns: var(--label) minmax(0, 1fr); gap: 0 .75rem; }
  .wide td:empty { display: none; }
  .moves td:first-child { display: grid; grid-template-columns: var(--label) minmax(0, 1fr); gap: 0 .75rem; font-weight: normal !important; }
  .moves td:first-child::before { content: attr(data-label); color: var(--quiet); }
  .timeline li { grid-template-columns: 5.6rem minmax(0, 1fr); gap: 0 .5rem; padding-left: .9rem; }
  .wide td:not(:first-child)::before { content: attr(data-label); color: var(--quiet); }
}
@media print {
  :root { color-scheme: light; --text: #000; --quiet: #444; --line: #bbb; --back: #fff; --good: #000; --bad: #000; --wait: #000; --link: #000; }
  main { max-width: none; padding: 0; } .state { background: none !important; } .again { display: none; }
  section, tr { break-inside: avoid; } h2, h3, caption { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; } summary { list-style: none; }
}
`;

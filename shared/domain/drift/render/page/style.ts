/**
 * The one style sheet: the colours of the status page, by meaning and never by colour alone; dark where the reader's system
 * is; one column on a phone; on paper everything is unfolded.
 */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b222c; --quiet: #566170; --line: #dde2e8; --field: #7b8594; --back: #f6f7f9; --panel: #ffffff;
  --good: #17703f; --good-back: #eaf6ef; --bad: #a62b25; --bad-back: #fdf0ee; --wait: #7a5100; --wait-back: #fdf5e4;
  --link: #2457b3; --link-back: #eef3fc; --still: #d99a2b; --new: #c23b33; --fully: #2f7d55; --partly: #8cc7a6; --unmanaged: #a3aebc; --foreign: #d3dae2; }
@media (prefers-color-scheme: dark) { :root { --text: #e5e9ef; --quiet: #9aa5b4; --line: #2f3641; --field: #6f7a8a; --back: #14171c;
  --panel: #1c2027; --good: #77d39b; --good-back: #17291f; --bad: #ff9d94; --bad-back: #2e1c1b; --wait: #f0c36a;
  --wait-back: #2b2416; --link: #8db4ff; --link-back: #1a2536; --still: #c58f2e; --new: #e5675e; --fully: #3f9a6b; --partly: #2b5d45; --unmanaged: #5d6877; --foreign: #363e4a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; margin: 0; text-wrap: balance; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .35rem; }
p { margin: .4rem 0 0; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
[hidden] { display: none !important; }
small, .quiet { color: var(--quiet); font-size: .9rem; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .88em; }
bdi { white-space: pre-line; } time { white-space: nowrap; }
.unseen { border: 1px solid var(--line); border-radius: .2rem; color: var(--bad); padding: 0 .15rem; }
.where { color: var(--quiet); font-size: .9rem; margin: 0 0 .25rem; }
.state { border: 1px solid var(--line); border-left: .35rem solid var(--wait); border-radius: .5rem; background: var(--wait-back);
  margin: 1.25rem 0 .75rem; padding: .9rem 1.25rem 1rem; }
.state.good { border-left-color: var(--good); background: var(--good-back); }
.state.bad { border-left-color: var(--bad); background: var(--bad-back); }
.state p:first-child { margin: 0; }
.figures { font-size: 1.15rem; } .figure { white-space: nowrap; } .figures b { font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 2.5rem; }
.charts section { min-width: 0; }
.bar { display: block; width: 100%; height: 1.1rem; border-radius: .3rem; margin-top: .6rem; }
.swatch { width: .75rem; height: .75rem; border-radius: .15rem; flex: none; }
rect.fully { fill: var(--fully); } rect.partly { fill: var(--partly); } rect.unread { fill: var(--new); }
rect.unmanaged { fill: var(--unmanaged); } rect.foreign { fill: var(--foreign); }
rect.new { fill: var(--new); } rect.still { fill: var(--still); } rect.incomplete { fill: var(--quiet); } rect.slot { fill: transparent; }
g:hover rect.slot { fill: var(--line); }
ul { list-style: none; margin: 0; padding: 0; }
.legend { margin: .6rem 0 .2rem; }
.legend li { display: grid; grid-template-columns: .75rem 2.5rem minmax(0, 1fr); gap: .6rem; align-items: baseline; padding: .1rem 0; }
.legend b { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: .6rem 0 0; display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 .5rem; font-size: .85rem; color: var(--quiet); }
figure.few { max-width: 18rem; }
figure > svg { width: 100%; height: 7.5rem; display: block; }
figure line { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; } figure line.zero { stroke: var(--quiet); }
.axis { display: flex; flex-direction: column; justify-content: space-between; text-align: right; line-height: 1; height: 7.1rem; font-variant-numeric: tabular-nums; }
.days { grid-column: 2; display: flex; justify-content: space-between; }
figcaption { grid-column: 2; display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin-top: .2rem; }
figcaption span { display: inline-flex; align-items: center; gap: .4rem; }
#filter { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; background: var(--back);
  border-bottom: 1px solid var(--line); margin-top: 1.75rem; padding: .6rem 0; }
#filter label { display: flex; align-items: center; gap: .4rem; font-size: .9rem; color: var(--quiet); }
#filter label:first-child { flex: 1 1 16rem; } #filter input { flex: 1; min-width: 0; }
input, select, button { font: inherit; font-size: .9rem; color: var(--text); background: var(--panel); border: 1px solid var(--field); border-radius: .4rem; padding: .3rem .6rem; }
::placeholder { color: var(--quiet); opacity: 1; }
button { cursor: pointer; color: var(--link); }
output { font-size: .9rem; color: var(--quiet); } output:empty { display: none; }
.count { color: var(--quiet); font-weight: 400; font-size: .95rem; margin-left: .15rem; }
section[data-rows] > .quiet { margin: 0 0 .5rem; }
.finding { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; margin-top: .5rem; }
summary { cursor: pointer; } .list > summary { color: var(--link); }
.finding > summary { display: grid; grid-template-columns: 4.6rem minmax(0, 1fr) 15rem 6.5rem; gap: .1rem .9rem; align-items: baseline; padding: .65rem 1rem; list-style: none; }
.finding > summary::-webkit-details-marker { display: none; }
.finding[open] > summary { border-bottom: 1px solid var(--line); }
.what b { font-weight: 600; } .what > span, .what > small { display: block; }
.what > span bdi::before { content: '\\201C'; } .what > span bdi::after { content: '\\201D'; }
.who { color: var(--quiet); font-size: .9rem; } summary .id { color: var(--quiet); text-align: right; }
summary .id::after { content: ' \\25B8'; } .finding[open] > summary .id::after { content: ' \\25BE'; }
.badge { justify-self: start; border-radius: 1rem; font-size: .8rem; line-height: 1.4; padding: .05rem .6rem; border: 1px solid currentColor; white-space: nowrap; }
.badge.new { color: var(--bad); background: var(--bad-back); font-weight: 600; } .badge.still { color: var(--wait); background: var(--wait-back); }
.badge.ignored, .badge.in-flight { color: var(--quiet); }
.sides { margin: .75rem 1rem; width: calc(100% - 2rem); } .sides th { width: 9rem; color: var(--quiet); white-space: nowrap; }
dl { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: .3rem 0; margin: .75rem 1rem; }
dt { color: var(--quiet); } dd { margin: 0; }
.commands { border-top: 1px solid var(--line); padding: .6rem 1rem .75rem; display: grid; gap: .35rem; }
.commands li { display: grid; grid-template-columns: 13rem minmax(0, 1fr) auto; gap: .1rem .75rem; align-items: center; }
.commands span { color: var(--quiet); font-size: .9rem; }
.command { background: var(--back); border: 1px solid var(--line); border-radius: .3rem; padding: .15rem .5rem; user-select: all; }
.commands button { font-size: .8rem; padding: .1rem .6rem; }
del { background: var(--bad-back); text-decoration-color: var(--bad); }
ins { background: var(--good-back); font-weight: 600; text-decoration: none; box-shadow: inset 0 -2px var(--good); }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem 1rem .4rem 0; text-align: left; vertical-align: top; font-weight: normal; }
.sides tr:last-child > * { border: 0; }
thead th { color: var(--quiet); font-size: .9rem; overflow-wrap: normal; }
td small { display: block; }
.left-out { border: 1px dashed var(--quiet); border-radius: .5rem; padding: .5rem 1rem; margin-top: .5rem; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: .75rem; }
@media (max-width: 46rem) {
  main { padding: 1.25rem 1rem 3rem; } h1 { font-size: 1.4rem; }
  .finding > summary { grid-template-columns: minmax(0, 1fr) auto; } .what, .who { grid-column: 1 / -1; } .badge { grid-row: 1; } summary .id { grid-row: 1; grid-column: 2; }
  dl, .commands li { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .3rem; } .commands li { padding-bottom: .3rem; } .commands button { justify-self: start; }
  .sides th { width: 7rem; } #filter { position: static; }
  .wide thead { position: absolute; clip-path: inset(50%); }
  .wide tr { display: block; border-bottom: 1px solid var(--line); padding: .45rem 0; }
  .wide td { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: 0 .5rem; border: 0; padding: 0; }
  .wide td::before { content: attr(data-label); color: var(--quiet); } .wide td:has(div:empty) { display: none; }
}
@media print {
  :root { color-scheme: light; --text: #000; --quiet: #444; --line: #bbb; --back: #fff; --panel: #fff; --good: #000; --bad: #000; --wait: #000; --link: #000;
    --good-back: #fff; --bad-back: #fff; --wait-back: #fff; }
  main { max-width: none; padding: 0; } #filter, .commands { display: none; }
  .finding, tr, .charts section { break-inside: avoid; } h2 { break-after: avoid; }
  rect { print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; } summary .id::after { content: none !important; }
}
`;

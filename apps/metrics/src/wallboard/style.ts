/** The look of the wallboard. Colour is kept for trouble: amber soon, red now. */
export const WALLBOARD_STYLE = `
:root{--bg:#f5f6f8;--panel:#fff;--ink:#161b22;--soft:#566070;--line:#dfe3e8;--bar:#5b7083;--amber:#8a5300;--amber-bg:#fff3d9;--red:#b3161b;--red-bg:#fde8e8;--focus:#1f5fd0;color-scheme:light}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--bg:#0e1217;--panel:#171d25;--ink:#eef1f5;--soft:#a0abb9;--line:#29313c;--bar:#7f95aa;--amber:#ffc35c;--amber-bg:#33270f;--red:#ff8a86;--red-bg:#3b1719;--focus:#7fb0ff;color-scheme:dark}}
:root[data-theme=dark]{--bg:#0e1217;--panel:#171d25;--ink:#eef1f5;--soft:#a0abb9;--line:#29313c;--bar:#7f95aa;--amber:#ffc35c;--amber-bg:#33270f;--red:#ff8a86;--red-bg:#3b1719;--focus:#7fb0ff;color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.4 system-ui,sans-serif;font-variant-numeric:tabular-nums}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--panel);padding:.5rem}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.75rem 1.25rem;padding:.9rem clamp(1rem,2.5vw,2.5rem)}
h1{font-size:1.15rem;font-weight:650;letter-spacing:-.01em;margin:0 auto 0 0}
#filter{display:flex;gap:1rem;flex-wrap:wrap}
label{color:var(--soft);font-size:.875rem}
select,button{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.35rem .7rem}
select{color:var(--ink);margin-left:.3rem}
button{cursor:pointer}
#connection{margin:0;font-size:.875rem;color:var(--soft);min-width:6.5em}
#connection::before{content:"";display:inline-block;width:.55em;height:.55em;border-radius:50%;background:var(--soft);margin-right:.45em}
#connection.live::before{background:#2e9e5b}
#notice{margin:0 clamp(1rem,2.5vw,2.5rem) 1rem;padding:.7rem 1rem;border-radius:.6rem;background:var(--amber-bg);color:var(--amber);font-weight:600}
main{display:grid;gap:1.25rem;padding:0 clamp(1rem,2.5vw,2.5rem) 2.5rem}
.kpis{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr))}
.kpi{container-type:inline-size;display:grid;gap:.1rem;align-content:start;text-align:left;padding:1rem 1.2rem 1.1rem;border-radius:.9rem}
.kpi:hover{border-color:var(--soft)}
.kpi .name{font-size:.95rem;color:var(--soft)}
.kpi .value{font-size:min(3.6rem,26cqi);font-weight:620;line-height:1.1;letter-spacing:-.03em;white-space:nowrap}
.kpi .value.long{font-size:min(3.6rem,18cqi)}
.kpi .note{font-size:.85rem;color:var(--soft)}
.kpi.amber{background:var(--amber-bg);border-color:transparent}.kpi.amber .value{color:var(--amber)}
.kpi.red{background:var(--red-bg);border-color:transparent}.kpi.red .value{color:var(--red)}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:.9rem;padding:1rem 1.2rem;min-width:0}
h2{font-size:1.05rem;font-weight:620;margin:0 0 .7rem}
small{font-size:.85rem;font-weight:400;color:var(--soft);margin-left:.4rem}
#course{height:190px;min-width:0}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}
th{text-align:left;font-size:.85rem;font-weight:500;color:var(--soft);padding:.3rem .75rem .5rem 0}
td{padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line);white-space:nowrap}
td.load{width:34%;min-width:10rem}
td.number,#agents th:last-child{text-align:right;padding-right:0}
tr.red td:first-child,tr.red .percent{color:var(--red);font-weight:640}
tr.absent{opacity:.6}
meter{width:calc(100% - 4.2em);height:.7rem;vertical-align:middle;appearance:none;background:none}
meter::-webkit-meter-bar{background:var(--line);border:0;border-radius:1rem;height:.7rem}
meter::-webkit-meter-optimum-value{background:var(--bar);border-radius:1rem}
meter::-webkit-meter-suboptimum-value{background:var(--amber);border-radius:1rem}
meter::-webkit-meter-even-less-good-value{background:var(--red);border-radius:1rem}
.percent{display:inline-block;width:3.8em;text-align:right}
dialog{margin:0 0 0 auto;height:100vh;max-height:none;width:min(46rem,100vw);border:0;border-left:1px solid var(--line);background:var(--panel);color:var(--ink);padding:1.2rem 1.5rem}
dialog::backdrop{background:#0007}
dialog form{display:flex;justify-content:space-between;align-items:center;gap:1rem}
dialog h2{margin:0}
#drawer-body{margin-top:1rem;overflow-x:auto}
#drawer-body td:first-child{max-width:14rem;overflow:hidden;text-overflow:ellipsis}
@media (max-width:36rem){.kpis{grid-template-columns:1fr 1fr;gap:.6rem}.kpi{padding:.7rem .8rem}}
@media (prefers-reduced-motion:no-preference){.kpi{transition:background .3s,border-color .2s}}
`;

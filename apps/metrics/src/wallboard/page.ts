const KPIS = [
  ['art', 'Response time', 'mean of the last 15 min'],
  ['queue', 'In the queue', 'longest wait'],
  ['overdue', 'Overdue', 'deadline has passed'],
  ['due', 'Due soon', 'within five minutes'],
  ['breaches', 'Breaches', 'last 24 hours'],
  ['load', 'Load', 'of all present agents'],
] as const;

const STATES = ['ONLINE', 'BACK_SOON', 'AWAY', 'OFFLINE', 'UNKNOWN'];

const COLUMNS = ['Agent', 'State', 'For', 'Load', 'Conversations'];

/** The wallboard; all that moves in it comes by script. */
export const WALLBOARD_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Livemeter</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/wallboard/uplot.css">
<link rel="stylesheet" href="/wallboard/style.css">
<script src="/wallboard/uplot.js" defer></script>
<script src="/wallboard/client/main.js" type="module"></script>
</head>
<body>
<a class="skip" href="#agents">To the agents</a>
<header>
<h1>Livemeter</h1>
<form id="filter" aria-label="Filter">
<label>Account <select name="account"></select></label>
<label id="teams" hidden>Team <select name="team"></select></label>
<label>State <select name="state"><option value="">all</option>${STATES.map((state) => `<option>${state}</option>`).join('')}</select></label>
</form>
<button id="theme" type="button" aria-pressed="false">Dark colours</button>
<p id="connection" role="status">connecting</p>
</header>
<p id="notice" role="alert" hidden></p>
<main>
<section class="kpis" aria-label="Now">${KPIS.map(kpi).join('')}</section>
<section class="panel" aria-labelledby="course-title">
<h2 id="course-title">Response time over the last hour <small>mean of five minutes, in seconds</small></h2>
<div id="course" role="img" aria-label="Response time over the last hour"></div>
</section>
<section class="panel" aria-labelledby="agents-title">
<h2 id="agents-title">Agents <small id="agents-note"></small></h2>
<div class="scroll"><table id="agents" tabindex="-1">
<thead><tr>${COLUMNS.map((column) => `<th scope="col">${column}</th>`).join('')}</tr></thead>
<tbody></tbody>
</table></div>
</section>
</main>
<dialog id="drawer" aria-labelledby="drawer-title">
<form method="dialog"><h2 id="drawer-title"></h2><button aria-label="Close">Close</button></form>
<div id="drawer-body" tabindex="0"></div>
</dialog>
<noscript>The wallboard needs JavaScript.</noscript>
</body>
</html>
`;

function kpi([id, name, note]: (typeof KPIS)[number]): string {
  return (
    `<button type="button" class="kpi" id="kpi-${id}" aria-haspopup="dialog"><span class="name">${name}</span>` +
    `<span class="value">–</span><span class="note">${note}</span></button>`
  );
}

/** What the page may load: from here alone, and nothing that is written into it. */
export const WALLBOARD_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'";

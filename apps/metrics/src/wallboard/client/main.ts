import type { AccountListReply, AccountLoad, AgentList, MetricsReply } from '../../rest/replies.js';
import { breachesByAgent, byId, element, showAgents, showBreaches, showLoad, showNow } from './board.js';
import { CourseChart } from './chart.js';
import { openList, openTable } from './drawer.js';
import { follow } from './feed.js';

const NOW =
  'metrics?name=average_response_time_seconds,conversations_queued,oldest_queued_seconds,conversations_overdue,conversations_due_soon';
const COURSE = 'metrics?name=average_response_time_seconds&window=5m&range=1h';
const BREACHES = 'metrics?name=ttr_breaches_total&range=24h';

/** What a number opens: its title, and where what it counts is listed. */
const BEHIND = {
  art: ['Waiting for an answer', 'conversations?metric=conversations_awaiting_response&sort=waitingSince'],
  queue: ['In the queue', 'conversations?metric=conversations_queued&sort=queuedSince'],
  overdue: ['Overdue', 'conversations?metric=conversations_overdue&sort=respondBy'],
  due: ['Due soon', 'conversations?metric=conversations_due_soon&sort=respondBy'],
  load: ['Load of the agents', 'agents?metric=account_load_ratio&sort=-load'],
} as const;

const chart = new CourseChart(byId('course'));
let breaches: MetricsReply | null = null;
let agents: AgentList | null = null;
let stop = (): void => undefined;

const filter = byId<HTMLFormElement>('filter');
const field = (name: string): HTMLSelectElement => filter.elements.namedItem(name) as HTMLSelectElement;

function show(watch: string, value: unknown): void {
  if (watch === 'load') showLoad(value as AccountLoad);
  else if (watch === NOW) showNow(value as MetricsReply);
  else if (watch === COURSE) chart.draw((value as MetricsReply).metrics[0]?.course ?? null);
  else if (watch === BREACHES) showBreaches((breaches = value as MetricsReply));
  else showAgents((agents = value as AgentList), Date.now());
}

function tellStale(sinceMs: number | null, why: string): void {
  const notice = byId('notice');
  const text = sinceMs === null ? '' : `Stale since ${new Date(sinceMs).toLocaleTimeString()}. ${why}`;
  if (notice.textContent !== text) notice.textContent = text;
  notice.hidden = sinceMs === null;
  byId('connection').className = sinceMs === null ? 'live' : '';
  byId('connection').textContent = sinceMs === null ? 'live' : 'reconnecting';
}

/** Follows what the filter says; the address holds it. */
function begin(): void {
  stop();
  const account = field('account').value;
  if (account === '') return;
  const state = field('state').value;
  const agentWatch = `agents?sort=-load&limit=200${state === '' ? '' : `&state=${state}`}`;
  stop = follow(account, ['load', NOW, agentWatch, COURSE, BREACHES], { onEvent: show, onStale: tellStale });
  document.title = `${account} – Livemeter`;
}

function remember(): void {
  const wanted = new URLSearchParams([['account', field('account').value]]);
  if (field('state').value !== '') wanted.set('state', field('state').value);
  history.pushState(null, '', `?${wanted.toString()}`);
  begin();
}

/** Sets the filter as the address has it. */
function recall(): void {
  const asked = new URLSearchParams(location.search);
  field('state').value = asked.get('state') ?? '';
  const account = asked.get('account');
  if (account !== null) field('account').value = account;
  begin();
}

function listen(): void {
  filter.addEventListener('change', remember);
  filter.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('popstate', recall);
  for (const [id, [title, path]] of Object.entries(BEHIND)) {
    byId(`kpi-${id}`).onclick = () =>
      openList({ title, address: `/v1/accounts/${encodeURIComponent(field('account').value)}/${path}` }, nameOf);
  }
  byId('kpi-breaches').onclick = () => {
    const rows = breaches === null ? [] : breachesByAgent(breaches);
    const named = rows.map(({ agent, count }) => [nameOf(agent), String(count)]);
    openTable('Breaches of the last 24 hours', ['Agent at the deadline', 'Breaches'], named);
  };
  // Times in a state grow although nothing is sent.
  setInterval(() => agents !== null && showAgents(agents, Date.now()), 1_000);
}

function nameOf(id: string): string {
  return id === '' ? 'nobody' : (agents?.agents.find((agent) => agent.id === id)?.name ?? id);
}

function themes(): void {
  const button = byId('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = (): boolean =>
    (document.documentElement.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const apply = (): void => {
    button.setAttribute('aria-pressed', String(isDark()));
    chart.recolour();
  };
  const kept = localStorage.getItem('theme');
  if (kept !== null) document.documentElement.dataset['theme'] = kept;
  button.onclick = () => {
    document.documentElement.dataset['theme'] = isDark() ? 'light' : 'dark';
    localStorage.setItem('theme', document.documentElement.dataset['theme']);
    apply();
  };
  system.addEventListener('change', apply);
  apply();
}

async function start(): Promise<void> {
  themes();
  listen();
  const reply = await fetch('/v1/accounts').catch(() => null);
  const accounts = reply?.ok === true ? ((await reply.json()) as AccountListReply).accounts : [];
  const asked = new URLSearchParams(location.search).get('account');
  const all = asked === null || accounts.includes(asked) ? accounts : [...accounts, asked];
  field('account').replaceChildren(...all.map((account) => element('option', account)));
  if (all.length > 0) {
    recall();
    return;
  }
  byId('connection').textContent = reply === null ? 'no connection' : 'no events yet';
  setTimeout(() => location.reload(), 5_000);
}

await start();

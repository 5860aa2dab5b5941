import type { AccountListReply, AccountLoad, AgentList, MetricsReply, TeamListReply } from '../../rest/replies.js';
import * as board from './board.js';
import { byId, element } from './board.js';
import { CourseChart } from './chart.js';
import { openList, openTable } from './drawer.js';
import { follow } from './feed.js';
import { type Chosen, meansOver, type Watches, watchesFor } from './watches.js';

/** What a number opens: its title, where what it counts is listed, and whether that can be narrowed to a team. */
const BEHIND = {
  art: ['Waiting for an answer', 'conversations?metric=conversations_awaiting_response&sort=waitingSince', true],
  queue: ['In the queue', 'conversations?metric=conversations_queued&sort=queuedSince', false],
  overdue: ['Overdue', 'conversations?metric=conversations_overdue&sort=respondBy', true],
  due: ['Due soon', 'conversations?metric=conversations_due_soon&sort=respondBy', true],
  load: ['Load of the agents', 'agents?metric=account_load_ratio&sort=-load', true],
} as const;

/** Steps of a minute: the chart's mean is of five, the number's of fifteen, and an hour is drawn. */
const CHART_STEPS = 5;
const NUMBER_STEPS = 15;
const DRAWN_STEPS = 60;

const chart = new CourseChart(byId('course'));
let breaches: MetricsReply | null = null;
let agents: AgentList | null = null;
let stop = (): void => undefined;

const filter = byId<HTMLFormElement>('filter');
const field = (name: string): HTMLSelectElement => filter.elements.namedItem(name) as HTMLSelectElement;

/** Shows what a watch tells. */
function shower(watches: Watches, isOfTeam: boolean): (watch: string, value: unknown) => void {
  const shows: Readonly<Record<keyof Watches, (value: never) => void>> = {
    load: (value: AccountLoad) => board.showLoad(value),
    agents: (value: AgentList) => board.showAgents((agents = value), Date.now()),
    queue: (value: MetricsReply) => board.showQueue(value, isOfTeam),
    deadlines: (value: MetricsReply) => board.showDeadlines(value),
    breaches: (value: MetricsReply) => board.showBreaches((breaches = value)),
    course: isOfTeam ? showTeamCourse : ({ metrics }: MetricsReply) => chart.draw(metrics[0]?.course ?? null),
    art: (reply: MetricsReply) => board.showResponseTime(board.total(reply, 'average_response_time_seconds')),
  };
  const byWatch = new Map(Object.entries(watches).map(([name, watch]) => [watch, shows[name as keyof Watches]]));
  return (watch, value) => byWatch.get(watch)?.(value as never);
}

/** Shows the response times of a team, and how they came to be. */
function showTeamCourse({ metrics }: MetricsReply): void {
  const course = metrics[0]?.course ?? null;
  board.showResponseTime(course === null ? null : (meansOver(course, NUMBER_STEPS).at(-1) ?? null));
  if (course === null) return chart.draw(null);
  const drawn = meansOver(course, CHART_STEPS);
  const left = Math.max(0, drawn.length - DRAWN_STEPS);
  const from = new Date(Date.parse(course.from) + left * course.step * 1000).toISOString();
  chart.draw({ from, step: course.step, series: [{ values: drawn.slice(left) }] });
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
  const chosen = chosenNow();
  const watches = watchesFor(chosen);
  const all = Object.values(watches).filter((watch) => watch !== null);
  stop = follow(account, all, { onEvent: shower(watches, chosen.team !== ''), onStale: tellStale });
  document.title = `${chosen.team === '' ? account : `${chosen.team}, ${account}`} – Livemeter`;
}

function chosenNow(): Chosen {
  return { team: field('team').value, state: field('state').value };
}

/** Offers the teams of the account; one that is asked for stays, though nobody of it was heard of yet. */
async function offerTeams(asked: string): Promise<void> {
  const reply = await fetch(`${accountAddress()}/teams`).catch(() => null);
  const known = reply?.ok === true ? ((await reply.json()) as TeamListReply).teams : [];
  const teams = asked === '' || known.includes(asked) ? known : [...known, asked];
  const every = new Option('all', '');
  field('team').replaceChildren(every, ...teams.map((team) => new Option(team)));
  field('team').value = asked;
  byId('teams').hidden = teams.length === 0;
}

function accountAddress(): string {
  return `/v1/accounts/${encodeURIComponent(field('account').value)}`;
}

/** Takes over the filter into the address. Another account has other teams. */
async function remember({ target }: Event): Promise<void> {
  if (target === field('account')) await offerTeams('');
  const wanted = new URLSearchParams([['account', field('account').value]]);
  for (const [name, value] of Object.entries(chosenNow())) if (value !== '') wanted.set(name, value as string);
  history.pushState(null, '', `?${wanted.toString()}`);
  begin();
}

/** Sets the filter as the address has it. */
async function recall(): Promise<void> {
  const asked = new URLSearchParams(location.search);
  field('state').value = asked.get('state') ?? '';
  const account = asked.get('account');
  if (account !== null) field('account').value = account;
  await offerTeams(asked.get('team') ?? '');
  begin();
}

function listen(): void {
  filter.addEventListener('change', (event) => void remember(event));
  filter.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('popstate', () => void recall());
  for (const [id, [title, path, hasTeams]] of Object.entries(BEHIND)) {
    byId(`kpi-${id}`).onclick = () => {
      const { team } = chosenNow();
      const ofTeam = team === '' || !hasTeams ? '' : `&team=${encodeURIComponent(team)}`;
      openList({ title, address: `${accountAddress()}/${path}${ofTeam}` }, nameOf);
    };
  }
  byId('kpi-breaches').onclick = () => {
    const rows = breaches === null ? [] : board.breachesByAgent(breaches);
    const named = rows.map(({ agent, count }) => [nameOf(agent), String(count)]);
    openTable('Breaches of the last 24 hours', ['Agent at the deadline', 'Breaches'], named);
  };
  // Times in a state grow although nothing is sent.
  setInterval(() => agents !== null && board.showAgents(agents, Date.now()), 1_000);
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
    await recall();
    return;
  }
  byId('connection').textContent = reply === null ? 'no connection' : 'no events yet';
  setTimeout(() => location.reload(), 5_000);
}

await start();

import type { AccountLoad, AgentList, AgentView, MetricsReply } from '../../rest/replies.js';
import { duration, percent, since, stateName } from './format.js';

type Trouble = '' | 'amber' | 'red';

/** The element with an id; it is in the page. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

/** An element with text, which is never taken for HTML. */
export function element(name: string, text = '', className = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== '') made.className = className;
  return made;
}

/** Shows the load of the account. */
export function showLoad(load: AccountLoad): void {
  const trouble = load.overloaded > 0 ? 'red' : (load.load ?? 0) >= 0.9 ? 'amber' : '';
  const over = load.overloaded > 0 ? `${load.overloaded} overloaded · ` : '';
  kpi('load', percent(load.load), {
    note: `${over}${load.agentsPresent} present, ${load.availableSlots} slots free`,
    trouble,
  });
}

/** Shows the response time (s). */
export function showResponseTime(seconds: number | null): void {
  kpi('art', duration(seconds), {});
}

/** Shows who waits in the queue, which no team has for itself. */
export function showQueue(reply: MetricsReply, isOfTeam: boolean): void {
  const queued = total(reply, 'conversations_queued') ?? 0;
  const longest = queued === 0 ? 'nobody waits' : `longest wait ${duration(total(reply, 'oldest_queued_seconds'))}`;
  kpi('queue', String(queued), { note: isOfTeam ? `${longest}, all teams` : longest });
}

/** Shows deadlines that have passed, or soon will have. */
export function showDeadlines(reply: MetricsReply): void {
  const overdue = total(reply, 'conversations_overdue') ?? 0;
  const due = total(reply, 'conversations_due_soon') ?? 0;
  kpi('overdue', String(overdue), { trouble: overdue > 0 ? 'red' : '' });
  kpi('due', String(due), { trouble: due > 0 ? 'amber' : '' });
}

/** The sum of all samples of a metric; null when there are none. */
export function total({ metrics }: MetricsReply, name: string): number | null {
  const samples = metrics.find((metric) => metric.name === name)?.samples ?? [];
  return samples.length === 0 ? null : samples.reduce((sum, sample) => sum + (sample.value ?? 0), 0);
}

/** Breaches by agent in the course, the most first. */
export function breachesByAgent({ metrics }: MetricsReply): { agent: string; count: number }[] {
  const series = metrics[0]?.course?.series ?? [];
  return series
    .map(({ labels, values }) => ({
      agent: labels['agent_id'] ?? '',
      count: values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

/** Shows how many deadlines were missed. */
export function showBreaches(reply: MetricsReply): void {
  kpi('breaches', String(breachesByAgent(reply).reduce((sum, { count }) => sum + count, 0)), {});
}

/** Beyond so many characters a value is set smaller, so that it keeps to one line. */
const LONG = 6;

function kpi(id: string, value: string, { note, trouble = '' }: { note?: string; trouble?: Trouble }): void {
  const card = byId(`kpi-${id}`);
  card.className = `kpi ${trouble}`;
  card.querySelector('.value')?.classList.toggle('long', value.length > LONG);
  for (const [part, text] of [
    ['.value', value],
    ['.note', note],
  ] as const) {
    const shown = card.querySelector(part);
    if (text !== undefined && shown !== null && shown.textContent !== text) shown.textContent = text;
  }
}

/** Shows the agents, in the order in which they come. */
export function showAgents({ agents, next }: AgentList, nowMs: number): void {
  const more = next === null ? '' : ' and more';
  byId('agents-note').textContent = agents.length === 0 ? 'none' : `${agents.length}${more}, the most loaded first`;
  byId('agents')
    .querySelector('tbody')
    ?.replaceChildren(...agents.map((agent) => row(agent, nowMs)));
}

function row(agent: AgentView, nowMs: number): HTMLElement {
  const isOver = (agent.load ?? 0) > 1;
  const line = element('tr', '', `${isOver ? 'red' : ''} ${agent.present ? '' : 'absent'}`.trim());
  line.append(
    element('td', `${agent.name ?? agent.id}${isOver ? ' – overloaded' : ''}`),
    element('td', stateName(agent.state) + reasonOf(agent)),
    element('td', since(agent.stateSince, nowMs)),
    loadCell(agent),
    element('td', String(agent.assignedConversations ?? '–'), 'number'),
  );
  return line;
}

function reasonOf({ reason }: AgentView): string {
  return reason === null || reason === '' ? '' : ` (${reason})`;
}

function loadCell({ load, present }: AgentView): HTMLElement {
  if (load === null) return element('td', present ? '–' : 'not present', 'load');
  const cell = element('td', '', 'load');
  cell.append(bar(load), element('span', percent(load), 'percent'));
  return cell;
}

function bar(load: number): HTMLMeterElement {
  const meter = document.createElement('meter');
  Object.assign(meter, { min: 0, max: 1.5, low: 0.9, high: 1.0001, optimum: 0, value: Math.min(1.5, load) });
  meter.setAttribute('aria-label', `Load ${percent(load)}`);
  return meter;
}

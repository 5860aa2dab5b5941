import type { AgentList, ConversationList } from '../../rest/replies.js';
import { byId, element } from './board.js';
import { percent, since, stateName } from './format.js';

/** What stands behind a number. */
export interface Behind {
  readonly title: string;
  /** The address that lists it. */
  readonly address: string;
}

const AGAIN_MS = 5_000;

let timer: ReturnType<typeof setInterval> | undefined;

/** Opens the drawer with what is listed at an address, and keeps it current. */
export function openList({ title, address }: Behind, nameOf: (agentId: string) => string): void {
  openDrawer(title, [element('p', 'loading …')]);
  const load = async (): Promise<void> => {
    const parts = await listed(address, nameOf);
    if (byId('drawer-title').textContent === title) byId('drawer-body').replaceChildren(...parts);
  };
  void load();
  timer = setInterval(() => void load(), AGAIN_MS);
}

/** Opens the drawer with a table. */
export function openTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  openDrawer(title, [table(head, rows)]);
}

function openDrawer(title: string, parts: readonly HTMLElement[]): void {
  clearInterval(timer);
  const dialog = byId<HTMLDialogElement>('drawer');
  dialog.onclose = () => clearInterval(timer);
  byId('drawer-title').textContent = title;
  byId('drawer-body').replaceChildren(...parts);
  if (!dialog.open) dialog.showModal();
}

async function listed(address: string, nameOf: (agentId: string) => string): Promise<HTMLElement[]> {
  try {
    const reply = await fetch(address);
    if (!reply.ok) return [element('p', `It cannot be read: ${((await reply.json()) as { title: string }).title}.`)];
    return [listTable((await reply.json()) as AgentList | ConversationList, nameOf)];
  } catch {
    return [element('p', 'The server cannot be reached.')];
  }
}

function listTable(list: AgentList | ConversationList, nameOf: (agentId: string) => string): HTMLElement {
  const nowMs = Date.now();
  if ('agents' in list) {
    const rows = list.agents.map(({ id, name, state, load }) => [name ?? id, stateName(state), percent(load)]);
    return table(['Agent', 'State', 'Load'], rows);
  }
  const rows = list.conversations.map(({ id, assignedAgentId, queuedSince, waitingSince, respondBy, overdue }) => [
    id,
    nameOf(assignedAgentId ?? ''),
    since(waitingSince ?? queuedSince, nowMs),
    respondBy === null ? '–' : `${overdue ? 'missed by' : 'in'} ${since(respondBy, nowMs)}`,
  ]);
  return table(['Conversation', 'Agent', 'Waiting', 'Deadline'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  if (rows.length === 0) return element('p', 'Nothing at present.');
  const whole = element('table');
  const line = (cell: 'th' | 'td', texts: readonly string[]): HTMLElement => {
    const made = element('tr');
    made.append(...texts.map((text) => element(cell, text)));
    return made;
  };
  whole.append(line('th', head), ...rows.map((row) => line('td', row)));
  return whole;
}

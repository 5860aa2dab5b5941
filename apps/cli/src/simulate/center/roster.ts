import { Random } from '../random.js';
import { homeView, unfocus } from './desk.js';
import type { Availability, Workload } from './fact.js';
import type { ActOf, Agent } from './model.js';
import { isWorking } from './model.js';
import { isOwed, leaving, planAnswer, returnToQueue, serve } from './routing.js';
import { drawShift, leftOfShift, untilShift } from './working-day.js';
import type { World } from './world.js';

/** A snapshot of each agent that is logged in comes at this pace, whatever the tempo (ms). */
const SNAPSHOT_EVERY_MS = 30_000;

/** Within so long after the start those who are there log in (ms). */
const DOORS_MS = 1_000;

/** One in so many of the staff is a manager. */
const STAFF_PER_MANAGER = 15;

const ONLINE: Availability = { code: '2', text: 'ONLINE', reason: null };
const BACK_SOON: Availability = { code: '3', text: 'BACK_SOON', reason: null };
const OFFLINE: Availability = { code: '1', text: 'OFFLINE', reason: null };

const REASONS: readonly [Availability['reason'], ...Availability['reason'][]] = [
  { code: '10011', text: 'LUNCH' },
  { code: '10012', text: 'BREAK' },
  { code: '10013', text: 'TRAINING' },
  { code: '10014', text: 'COACHING' },
  { code: '10015', text: 'MEETING' },
  null,
];

/** How long a state lasts on average (ms, before tempo). */
const MEAN_STAY_MS = { ONLINE: 2_400_000, BACK_SOON: 300_000, AWAY: 720_000, OFFLINE: 1_800_000 } as const;

/** Hires the staff. Their ids depend on their number alone, so that every run is about the same center. */
export function staff(world: World): void {
  const { agents: count, seed } = world.settings;
  const managers = count < 3 ? 0 : Math.ceil(count / STAFF_PER_MANAGER);
  const digits = String(count).length;
  for (let index = 0; index < count; index += 1) {
    const random = new Random(seed, `agent/${index}`);
    const isManager = index >= count - managers;
    const number = String(isManager ? index - (count - managers) + 1 : index + 1).padStart(digits, '0');
    world.agents.push({
      identity: { id: String(2_434_600_001 + index), name: `${isManager ? 'Manager' : 'Agent'} ${number}` },
      isManager,
      random,
      maxSlots: isManager ? 0 : random.pick([3, 3, 4, 4, 4, 5, 6]),
      skills: drawSkills(world, random, index),
      shift: world.settings.hasHours === true && index > 0 ? drawShift(random) : null,
      appetite: random.chance(0.1) ? 2 : 0,
      slowness: random.logNormal(1, 0.25),
      availability: OFFLINE,
      session: 0,
      conversations: new Set(),
      weightTenths: 0,
      focus: null,
      viewName: homeView(isManager),
    });
  }
}

/** The doors open: most of the staff logs in within a second, the others come later. */
export function openDoors(world: World): void {
  world.agents.forEach((agent, index) => {
    const isThere = index === 0 || agent.isManager || agent.random.chance(0.9);
    if (agent.shift !== null && leftOfShift(agent.shift, world.now) === 0) {
      world.plan(untilShift(agent.shift, world.now), { do: 'change', agent });
      return;
    }
    const wait = isThere ? agent.random.between(0, DOORS_MS - 100) : stay(world, agent);
    world.plan(wait, { do: 'change', agent });
  });
}

/** The agent's state changes, as a working day has it. */
export function change(world: World, act: ActOf<'change'>): void {
  const { agent } = act;
  const isOff = agent.shift !== null && leftOfShift(agent.shift, world.now) === 0;
  if (isOff && agent.availability.text === 'OFFLINE') {
    if (agent.shift !== null) world.plan(untilShift(agent.shift, world.now), act);
    return;
  }
  const next = isOff ? OFFLINE : nextAvailability(agent);
  if (isMissed(world, agent, next)) {
    world.plan(stay(world, agent), act);
    return;
  }
  enter(world, agent, next);
  // In the first second of the day a state is already some way on, so that the first changes come soon.
  const isUnderWay = world.now < world.settings.startMs + DOORS_MS;
  world.plan(stay(world, agent) * (isUnderWay ? 0.25 : 1), act);
}

/** The agent enters a state, with what follows from it for its conversations. */
export function enter(world: World, agent: Agent, next: Availability): void {
  const wasOffline = agent.availability.text === 'OFFLINE';
  const wasWorking = isWorking(agent);
  if (next.text === 'OFFLINE' || next.text === 'AWAY') unfocus(world, agent);
  agent.availability = next;
  world.emit({ type: 'AgentStateChangedEvent', agent: agent.identity, availability: next });
  if (wasOffline) logIn(world, agent);
  if (next.text === 'OFFLINE') logOut(world, agent);
  if (!wasWorking && isWorking(agent)) {
    for (const conversation of agent.conversations) if (isOwed(conversation)) planAnswer(world, conversation);
  }
  if (next.text === 'ONLINE') serve(world, agent);
}

/** One snapshot, and the plan for the next. */
export function snapshot(world: World, act: ActOf<'snapshot'>): void {
  const { agent, session } = act;
  if (agent.session !== session) return;
  world.emit({ type: 'AgentSnapshotEvent', agent: agent.identity, workload: workloadOf(agent) });
  world.plan(SNAPSHOT_EVERY_MS, act);
}

/** The agent logs out for good; used when the center closes. */
export function goHome(world: World, agent: Agent): void {
  if (agent.availability.text !== 'OFFLINE') enter(world, agent, OFFLINE);
}

function logIn(world: World, agent: Agent): void {
  const { session } = agent;
  world.emit({ type: 'AgentSnapshotEvent', agent: agent.identity, workload: workloadOf(agent) });
  world.plan(agent.random.between(1, SNAPSHOT_EVERY_MS), { do: 'snapshot', agent, session });
}

function logOut(world: World, agent: Agent): void {
  agent.session += 1;
  for (const conversation of [...agent.conversations]) {
    if (isOwed(conversation)) returnToQueue(world, conversation);
  }
  for (const conversation of world.open) {
    if (conversation.visitor !== agent) continue;
    conversation.visitor = null;
    world.emit(leaving(conversation, agent));
  }
}

function workloadOf(agent: Agent): Workload {
  const hasWeight = !agent.random.chance(0.01);
  const hasRest = !agent.random.chance(0.005);
  return {
    assignedWeight: hasWeight && hasRest ? agent.weightTenths / 10 : null,
    maxSlots: hasRest ? agent.maxSlots : null,
    assignedConversations: hasRest ? agent.conversations.size : null,
  };
}

function nextAvailability(agent: Agent): Availability {
  const { random } = agent;
  const dice = random.next();
  switch (agent.availability.text) {
    case 'ONLINE':
      return dice < 0.4 ? BACK_SOON : dice < 0.85 ? away(random) : OFFLINE;
    case 'BACK_SOON':
      return dice < 0.9 ? ONLINE : away(random);
    case 'AWAY':
      return dice < 0.8 ? ONLINE : dice < 0.95 ? away(random) : OFFLINE;
    case 'OFFLINE':
      return ONLINE;
  }
}

function away(random: Random): Availability {
  return { code: '4', text: 'AWAY', reason: random.pick(REASONS) };
}

function stay(world: World, agent: Agent): number {
  const ms = world.human(agent.random.exponential(MEAN_STAY_MS[agent.availability.text]), 2_000);
  const left = agent.shift === null ? 0 : leftOfShift(agent.shift, world.now);
  return left === 0 ? ms : Math.min(ms, left);
}

/** One skill of one's own, and now and then another. */
function drawSkills({ settings }: World, random: Random, index: number): ReadonlySet<number> {
  const { skills = 1 } = settings;
  if (skills === 1) return new Set([0]);
  const own = new Set([index % skills]);
  return random.chance(0.3) ? own.add(random.between(0, skills - 1)) : own;
}

/** Somebody has to stay: the last one online does not go. */
function isMissed(world: World, agent: Agent, next: Availability): boolean {
  if (agent.isManager || agent.availability.text !== 'ONLINE' || next.text === 'ONLINE') return false;
  return !world.agents.some((other) => other !== agent && !other.isManager && other.availability.text === 'ONLINE');
}

import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '@app/event';
import { Center } from './center.js';
import type { Fact, Occasion, Workload } from './fact.js';
import type { CenterSettings } from './world.js';

const START = Date.UTC(2026, 4, 4, 9);
const HOUR = 3_600_000;

function factsOf(more: Partial<CenterSettings> = {}, durationMs = HOUR): Fact[] {
  const settings = { seed: 7, startMs: START, agents: 40, ratePerMinute: 24, tempo: 3, slaMs: 400_000, ...more };
  return [...new Center(settings).facts(START + durationMs)];
}

const day = factsOf();

type Of<Type extends Occasion['type']> = Fact & { readonly occasion: Extract<Occasion, { type: Type }> };

function ofType<Type extends Occasion['type']>(facts: readonly Fact[], type: Type): Of<Type>[] {
  return facts.filter((fact): fact is Of<Type> => fact.occasion.type === type);
}

function byConversation(facts: readonly Fact[]): Fact[][] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    if (!('conversationId' in fact.occasion)) continue;
    const group = groups.get(fact.occasion.conversationId);
    if (group === undefined) groups.set(fact.occasion.conversationId, [fact]);
    else group.push(fact);
  }
  return [...groups.values()];
}

describe('a center', () => {
  it('lives the same day for the same settings, another for another seed', () => {
    const morning = JSON.stringify(factsOf({}, HOUR / 6));
    expect(JSON.stringify(factsOf({}, HOUR / 6)) === morning).toBe(true);
    expect(JSON.stringify(factsOf({ seed: 8 }, HOUR / 6)) === morning).toBe(false);
  });

  it('lives the same day at another time, with other ids', () => {
    const shape = (facts: readonly Fact[], startMs: number): string[] =>
      facts.map(({ time, occasion }) => `${time - startMs} ${occasion.type}`);
    const later = factsOf({ startMs: START + 5_000 }, HOUR / 6 + 5_000);
    const morning = day.slice(0, later.length);
    expect(shape(later, START + 5_000)).toEqual(shape(morning, START));
    const uids = new Set(morning.map(({ uid }) => uid));
    expect(later.filter(({ uid }) => uids.has(uid))).toEqual([]);
  });

  it('tells what happens in order of time, in whole milliseconds', () => {
    const times = day.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.filter((time) => !Number.isInteger(time) || time < START || time >= START + HOUR)).toEqual([]);
  });

  it('shows all ten types within ten minutes, with what is usual and what is rare', () => {
    const short = factsOf({ agents: 20, ratePerMinute: 4, tempo: 1, slaMs: 600_000 }, 600_000);
    expect(new Set(short.map(({ occasion }) => occasion.type))).toEqual(new Set(EVENT_TYPES));
  });

  it('names no event twice, though siblings share a uid', () => {
    const identities = day.map(({ uid, occasion }) => {
      const agent = 'agent' in occasion ? occasion.agent.id : '';
      const conversation = 'conversationId' in occasion ? occasion.conversationId : '';
      return [occasion.type, uid, conversation, agent].join('/');
    });
    expect(new Set(identities).size).toBe(day.length);
    expect(new Set(day.map(({ uid }) => uid)).size).toBeLessThan(day.length);
  });

  it('is lively at once', () => {
    const first = factsOf({ agents: 12, tempo: 10, ratePerMinute: 24, slaMs: 100_000, seed: 1 }, 10_000);
    expect(ofType(first, 'AgentSnapshotEvent').filter(({ time }) => time < START + 1_000).length).toBeGreaterThan(8);
    expect(ofType(first, 'ConversationRequestEvent').length).toBeGreaterThan(8);
    expect(ofType(first, 'MessageAgentEvent').length).toBeGreaterThan(4);
    const deadlines = byConversation(first).map((facts) => missed(facts, START + 10_000));
    expect(deadlines.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1);
  });

  it('closes at once: every conversation ends and everybody logs out', () => {
    const center = new Center({ seed: 7, startMs: START, agents: 20, ratePerMinute: 30, tempo: 3, slaMs: 400_000 });
    const facts = [...center.facts(START + 600_000), ...center.closeUp(START + 600_000)];
    for (const story of byConversation(facts)) {
      const requests = ofType(story, 'ConversationRequestEvent').length;
      expect(ofType(story, 'ConversationEndEvent')).toHaveLength(requests);
    }
    const last = new Map(
      ofType(facts, 'AgentStateChangedEvent').map(({ occasion }) => [occasion.agent.id, occasion.availability.text]),
    );
    expect(new Set(last.values())).toEqual(new Set(['OFFLINE']));
  });
});

/** How many deadlines of one conversation passed before they were cleared or moved. */
function missed(facts: readonly Fact[], untilMs: number): number {
  let count = 0;
  let deadline = Infinity;
  for (const { time, occasion } of facts) {
    if (occasion.type !== 'TTRStatusEvent' && occasion.type !== 'ConversationEndEvent') continue;
    if (deadline < time) count += 1;
    deadline = occasion.type === 'TTRStatusEvent' && occasion.effectiveTtr > 0 ? occasion.effectiveTtr : Infinity;
  }
  return deadline < untilMs ? count + 1 : count;
}

/** The facts of one conversation that have no place where they stand. */
function misplaced(story: readonly Fact[]): Fact[] {
  let open = false;
  return story.filter(({ occasion }) => {
    const wasOpen = open;
    if (occasion.type === 'ConversationRequestEvent') open = true;
    if (occasion.type === 'ConversationEndEvent') open = false;
    if (occasion.type === 'ConversationRequestEvent') return wasOpen;
    return !wasOpen && occasion.type !== 'ParticipantAgentLeaveEvent';
  });
}

/** The agent messages of one conversation that are not from whom they say: the assigned agent, or a visitor. */
function foreign(story: readonly Fact[]): Fact[] {
  let assigned: string | null = null;
  const visitors = new Set<string>();
  return story.filter(({ occasion }) => {
    if (occasion.type === 'ParticipantAgentAddEvent') {
      if (occasion.isAssigned) assigned = occasion.agent.id;
      else visitors.add(occasion.agent.id);
    } else if (occasion.type === 'ParticipantAgentLeaveEvent') {
      if (assigned === occasion.agent.id) assigned = null;
      visitors.delete(occasion.agent.id);
    }
    if (occasion.type !== 'MessageAgentEvent') return false;
    return occasion.isAssigned === false ? !visitors.has(occasion.agent.id) : occasion.agent.id !== assigned;
  });
}

/** What is wrong with the deadlines of one conversation: cleared when there is none, set in the past, or left after the answer. */
function wrongDeadlines(story: readonly Fact[]): Fact[] {
  let isWaiting = false;
  let isOwed = false;
  return story.filter(({ time, occasion }, index) => {
    const wasOwed = isOwed;
    switch (occasion.type) {
      case 'MessageConsumerEvent':
        isWaiting = true;
        return !wasOwed && !isDeadline(story[index + 1]);
      case 'ConversationEndEvent':
        isWaiting = false;
        isOwed = false;
        return false;
      case 'TTRStatusEvent':
        isOwed = occasion.effectiveTtr !== -1;
        return isOwed ? occasion.effectiveTtr <= time : !wasOwed;
      case 'MessageAgentEvent':
        if (!isWaiting || occasion.isAssigned === false) return false;
        isWaiting = false;
        return story[index + 1]?.time !== time || !isDeadline(story[index + 1], -1);
      default:
        return false;
    }
  });
}

function isDeadline(fact: Fact | undefined, effectiveTtr?: number): boolean {
  if (fact?.occasion.type !== 'TTRStatusEvent') return false;
  return effectiveTtr === undefined || fact.occasion.effectiveTtr === effectiveTtr;
}

describe('a conversation', () => {
  const stories = byConversation(day);

  it('opens with a request, and nothing but a leave comes once it is over', () => {
    expect(stories.flatMap(misplaced)).toEqual([]);
  });

  it('is answered only by whoever is in it, assigned or visiting as the message says', () => {
    expect(stories.flatMap(foreign)).toEqual([]);
  });

  it('has a deadline from the first unanswered message on, in the future when it is set, and none once it is answered', () => {
    expect(stories.flatMap(wrongDeadlines)).toEqual([]);
  });

  it('sees it all: runs, misses, transfers of both kinds, visitors, resumptions, ends without an answer', () => {
    const whole = { runs: 0, direct: 0, requeued: 0, visitors: 0, resumed: 0, unanswered: 0, missed: 0, met: 0 };
    for (const story of stories) {
      whole.missed += missed(story, START + HOUR);
      whole.met += ofType(story, 'TTRStatusEvent').filter(({ occasion }) => occasion.effectiveTtr === -1).length;
      whole.resumed += Math.max(0, ofType(story, 'ConversationRequestEvent').length - 1);
      whole.visitors += ofType(story, 'ParticipantAgentAddEvent').filter(({ occasion }) => !occasion.isAssigned).length;
      if (ofType(story, 'MessageAgentEvent').length === 0)
        whole.unanswered += ofType(story, 'ConversationEndEvent').length;
      for (const [index, { time, occasion }] of story.entries()) {
        const before = story[index - 1];
        if (occasion.type === 'MessageConsumerEvent' && before?.occasion.type === 'TTRStatusEvent') whole.runs += 1;
        if (occasion.type !== 'ParticipantAgentAddEvent' || !occasion.isAssigned) continue;
        if (before?.occasion.type !== 'ParticipantAgentLeaveEvent') continue;
        if (time - before.time <= 1_000) whole.direct += 1;
        else whole.requeued += 1;
      }
    }
    for (const count of Object.values(whole)) expect(count).toBeGreaterThan(10);
    expect(whole.met).toBeGreaterThan(5 * whole.missed);
  });
});

/** Whether the workload is that of so many conversations, each of which weighs 1 or 0.1. */
function isWorkloadOf(count: number, { assignedConversations, assignedWeight }: Workload): boolean {
  const tenths = Math.round((assignedWeight ?? count) * 10);
  if (assignedConversations !== null && assignedConversations !== count) return false;
  return (tenths - count) % 9 === 0 && tenths >= count && tenths <= 10 * count;
}

describe('an agent', () => {
  it('is seen every 30 s from login to logout, with what is assigned to it', () => {
    const assigned = new Map<string, string>();
    const seen = new Map<string, number>();
    const offline = new Set<string>();
    const wrong = day.filter(({ time, occasion }) => {
      switch (occasion.type) {
        case 'ParticipantAgentAddEvent':
          if (occasion.isAssigned) assigned.set(occasion.conversationId, occasion.agent.id);
          return false;
        case 'ParticipantAgentLeaveEvent':
          if (assigned.get(occasion.conversationId) === occasion.agent.id) assigned.delete(occasion.conversationId);
          return false;
        case 'ConversationEndEvent':
          assigned.delete(occasion.conversationId);
          return false;
        case 'AgentStateChangedEvent':
          if (occasion.availability.text !== 'OFFLINE') offline.delete(occasion.agent.id);
          else if (seen.delete(occasion.agent.id)) offline.add(occasion.agent.id);
          return false;
        case 'AgentSnapshotEvent': {
          const { id } = occasion.agent;
          const gap = time - (seen.get(id) ?? time);
          seen.set(id, time);
          const count = [...assigned.values()].filter((agent) => agent === id).length;
          return offline.has(id) || gap > 30_000 || !isWorkloadOf(count, occasion.workload);
        }
        default:
          return false;
      }
    });
    expect(wrong).toEqual([]);
  });

  it('is overloaded now and then, free at other times, and sometimes sends no value', () => {
    const workloads = ofType(day, 'AgentSnapshotEvent').map(({ occasion }) => occasion.workload);
    const loads = workloads.flatMap(({ assignedWeight, maxSlots }) =>
      assignedWeight === null || maxSlots === null || maxSlots === 0 ? [] : [assignedWeight / maxSlots],
    );
    const overloaded = loads.filter((load) => load > 1).length / loads.length;
    expect(overloaded).toBeGreaterThan(0.01);
    expect(overloaded).toBeLessThan(0.3);
    expect(workloads.filter(({ assignedWeight }) => assignedWeight === null).length).toBeGreaterThan(5);
    expect(workloads.filter(({ maxSlots }) => maxSlots === null).length).toBeGreaterThan(1);
  });

  it('looks at one conversation at a time, and leaves it before it turns to the next', () => {
    const focus = new Map<string, string>();
    const wrong = ofType(day, 'AppActionEvent').filter(({ occasion: { agent, conversationId, actionName } }) => {
      const before = focus.get(agent.id);
      if (actionName === 'FOCUS_CONV') focus.set(agent.id, conversationId);
      else focus.delete(agent.id);
      return before !== (actionName === 'FOCUS_CONV' ? undefined : conversationId);
    });
    expect(wrong).toEqual([]);
  });

  it('is in every state, away with and without a reason', () => {
    const states = ofType(day, 'AgentStateChangedEvent').map(({ occasion }) => occasion.availability);
    expect(new Set(states.map(({ code, text }) => `${code} ${text}`))).toEqual(
      new Set(['1 OFFLINE', '2 ONLINE', '3 BACK_SOON', '4 AWAY']),
    );
    const reasons = new Set(states.filter(({ text }) => text === 'AWAY').map(({ reason }) => reason?.text ?? null));
    expect(reasons.size).toBeGreaterThan(3);
    expect(reasons).toContain(null);
  });
});

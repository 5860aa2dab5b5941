import { hash128 } from '@app/event';
import { Heap } from '../heap.js';
import { Random } from '../random.js';
import type { Fact, Occasion } from './fact.js';
import type { Act, Agent, Conversation } from './model.js';

/** What a simulated center is made of. */
export interface CenterSettings {
  readonly seed: number;
  /** When the simulation begins (Unix ms). */
  readonly startMs: number;
  /** Agents and managers together. */
  readonly agents: number;
  /** New conversations per minute. */
  readonly ratePerMinute: number;
  /** By how much human times are shortened: 10 makes a minute six seconds. Snapshots stay at 30 s. */
  readonly tempo: number;
  /** From a consumer's message to the deadline for its answer, before `tempo` (ms). */
  readonly slaMs: number;
  /** Whether conversations and shifts follow the hours of a day; else every hour is like the others. */
  readonly hasHours?: boolean;
  /** Skills that conversations ask for, each with a queue of its own; 1 unless it is said. */
  readonly skills?: number;
}

/** The state of the whole center at one instant of virtual time, and what is planned from there. */
export class World {
  /** The present instant (Unix ms). */
  now: number;
  readonly arrivals: Random;
  readonly agents: Agent[] = [];
  readonly open = new Set<Conversation>();
  /** Those who wait for an agent, the longest first. */
  readonly queue = new Set<Conversation>();
  /** Conversations whose consumer fell silent, since when (Unix ms), and under which plan: LivePerson closes them in one go. */
  readonly silent = new Map<Conversation, { readonly since: number; readonly plan: number }>();
  private readonly agenda = new Heap<Act>();
  private outbox: Fact[] = [];
  private uids = 0;
  private conversations = 0;

  constructor(readonly settings: CenterSettings) {
    this.now = settings.startMs;
    this.arrivals = new Random(settings.seed, 'arrivals');
  }

  /** Plans an act `afterMs` from now. */
  plan(afterMs: number, act: Act): void {
    this.agenda.push(this.now + Math.max(0, Math.round(afterMs)), act);
  }

  /** When the next act is planned (Unix ms); Infinity when none is. */
  get nextAt(): number {
    return this.agenda.leastKey ?? Infinity;
  }

  /** Moves on to the next act; undefined when there is none. */
  advance(): Act | undefined {
    this.now = this.agenda.leastKey ?? this.now;
    return this.agenda.pop();
  }

  /** How long what takes a person `ms` takes here, at least `leastMs`. */
  human(ms: number, leastMs = 0): number {
    return Math.max(leastMs, ms / this.settings.tempo);
  }

  /** Lets something happen now. */
  emit(occasion: Occasion, uid = this.newUid()): void {
    this.outbox.push({ time: this.now, uid, occasion });
  }

  /** Lets something happen for certain, a little later. */
  tell(afterMs: number, occasion: Occasion, uid = this.newUid()): void {
    if (afterMs === 0) this.emit(occasion, uid);
    else this.plan(afterMs, { do: 'tell', occasion, uid });
  }

  /** What has happened since the last call, in order. */
  takeFacts(): Fact[] {
    const facts = this.outbox;
    this.outbox = [];
    return facts;
  }

  /** A new id of a source event. Two runs share none unless seed and start are the same. */
  newUid(): string {
    this.uids += 1;
    return this.uuid(`event/${this.uids}`);
  }

  newConversation(): Conversation {
    this.conversations += 1;
    const name = `conversation/${this.conversations}`;
    return {
      id: this.uuid(name),
      random: new Random(this.settings.seed, name),
      opening: 0,
      open: false,
      plan: 0,
      agent: null,
      lastAgent: null,
      visitor: null,
      active: true,
      answered: false,
      waiting: false,
      deadline: null,
      skill: 0,
      exchangesLeft: 0,
      slaMs: 0,
    };
  }

  private uuid(name: string): string {
    const hex = hash128(`${this.settings.seed}/${this.settings.startMs}/${name}`);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}

import { answer, follow, look } from './answering.js';
import { arrive, arriveEarly, planArrival, speak } from './consumer.js';
import { close, end, giveUp, planSweep, resume, sweep } from './ending.js';
import type { Fact } from './fact.js';
import type { Act, ActOf } from './model.js';
import { change, goHome, openDoors, snapshot, staff } from './roster.js';
import { cool, enqueue, take, transfer } from './routing.js';
import { interject, visit, withdraw } from './visiting.js';
import { type CenterSettings, World } from './world.js';

const HANDLERS: { readonly [Name in Act['do']]: (world: World, act: ActOf<Name>) => void } = {
  tell: (world, act) => world.emit(act.occasion, act.uid),
  arrive,
  arriveEarly,
  enqueue,
  speak,
  giveUp,
  resume,
  visit,
  interject,
  withdraw,
  look,
  answer,
  follow,
  transfer,
  take,
  close,
  sweep,
  cool,
  change,
  snapshot,
};

/** Within so long after the start come those who waited for it (ms). */
const EARLY_MS = 3_000;

/** What is certain when the center closes is told within so long (ms). */
const LAST_WORDS_MS = 500;

/**
 * A contact center in virtual time: consumers arrive, wait, are answered, handed over and leave; agents come, work, rest and go.
 * It knows no clock and no wire format, and the same settings give the same facts.
 */
export class Center {
  private readonly world: World;

  constructor(settings: CenterSettings) {
    this.world = new World(settings);
    staff(this.world);
    openDoors(this.world);
    const early = Math.round(Math.min(1.5 * settings.agents, 3 + settings.ratePerMinute / 2));
    for (let index = 0; index < early; index += 1) {
      this.world.plan(this.world.arrivals.between(300, EARLY_MS), { do: 'arriveEarly' });
    }
    planArrival(this.world);
    planSweep(this.world);
  }

  /** When something may happen next (Unix ms); Infinity when nothing will. */
  get nextAt(): number {
    return this.world.nextAt;
  }

  /** Goes on to `nextAt` and answers what happens there, which may be nothing. */
  step(): Fact[] {
    const act = this.world.advance();
    if (act === undefined) return [];
    perform(this.world, act);
    return this.world.takeFacts();
  }

  /** What happens before `untilMs` (Unix ms), in order of time. */
  *facts(untilMs: number): Generator<Fact, void, undefined> {
    while (this.nextAt < untilMs) yield* this.step();
  }

  /** Closes the center at `atMs`, or now if that is later: within half a second every conversation ends, and the staff logs out. */
  closeUp(atMs: number): Fact[] {
    const { world } = this;
    world.now = Math.max(world.now, atMs);
    const lastAt = world.now + LAST_WORDS_MS;
    const facts: Fact[] = [];
    for (const conversation of [...world.open]) end(world, conversation);
    for (const agent of world.agents) goHome(world, agent);
    facts.push(...world.takeFacts());
    while (this.nextAt < lastAt) {
      const act = world.advance();
      if (act?.do === 'tell') world.emit(act.occasion, act.uid);
      facts.push(...world.takeFacts());
    }
    return facts;
  }
}

function perform<Name extends Act['do']>(world: World, act: ActOf<Name>): void {
  HANDLERS[act.do](world, act);
}

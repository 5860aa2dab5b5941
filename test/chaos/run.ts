import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../apps/cli/src/simulate/random.js';
import { loadCatalog } from '../../apps/cli/src/catalog/load.js';
import { catalogPart } from '../support/catalog-part.js';
import { withoutClockReaders } from '../support/clock-readers.js';
import { lastTimeOf } from '../support/turned-away.js';
import { Canaries, type Gap } from './canary.js';
import { send, sendCanaries, simulated } from './course.js';
import { FaultLog, type Injected } from './fault-log.js';
import { type Fault, FAULT_KINDS } from './faults.js';
import { LONGEST_GAP_MS, Sender } from './sender.js';
import { type Account, account, replayOfArchive, replayOfCourse, replayOfRecords, untilArchived } from './verdict.js';
import { type Replica, World } from './world.js';

const KEY = 'chaos-key';

/** The center opens this long after the apps are ready: all that it will send is simulated first (ms). */
const BEFORE_MS = 5_000;

/** So long after the last event everything has happened that is due within seconds, and nothing that is due in minutes (ms). */
const AFTER_MS = 60_000;

/** The first fault comes when events have flowed for so long (ms). */
const CALM_MS = 2_000;

/** How often the metrics are looked at (ms). */
const LOOK_EVERY_MS = 200;

/** Of faults, this share begins while the one before it may still keep events from being taken in. */
const OVERLAPPING = 0.5;

/** How long the system may take to overcome a fault, and to come to rest after the hold (ms): it may run on a busy machine. */
const PATIENCE_MS = 180_000;

/** The backlog of a system that keeps up with what this sender sends. */
const BACKLOG_AT_EASE = 10;

/** What a run is made of. */
export interface Plan {
  readonly seed: number;
  /** How long events are sent and faults injected (ms). */
  readonly durationMs: number;
  readonly holdMs: number;
  /** Kinds of faults. */
  readonly kinds: readonly string[];
  /** Whether each fault comes only when the one before it is overcome, so that what is waited for has one cause. */
  readonly apart: boolean;
  readonly keepFiles: boolean;
}

/** What a run came to. */
export interface Outcome extends Account {
  /** When the first event was sent (ms). */
  readonly startMs: number;
  readonly injected: readonly Injected[];
  readonly attempts: number;
  readonly replies: ReadonlyMap<string, number>;
  /** From an event's time to its 200, at most (ms): must be below the hold, or live and replay may differ. */
  readonly slowestMs: number;
  readonly gaps: ReadonlyMap<string, Gap>;
  readonly unseen: number;
  /** The expositions that should be equal. */
  readonly live: readonly [string, string];
  readonly ofRecords: string;
  readonly ofCourse: string;
  readonly ofArchive: string;
  /** Whether all that waited for the archive was written in the end. */
  readonly isArchived: boolean;
  /** Where the files are, if they were to be kept. */
  readonly dir: string;
}

/** Runs a whole system under fire and brings it to rest. */
export async function runChaos(plan: Plan): Promise<Outcome> {
  const env = { LIVEMETER_HOLD_MS: String(plan.holdMs), LOG_LEVEL: process.env['CHAOS_LOG'] ?? 'warn' };
  const world = await World.start(KEY, env);
  try {
    return await within(world, plan, env);
  } finally {
    await world.stop(plan);
  }
}

async function within(world: World, plan: Plan, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const { seed, durationMs, holdMs } = plan;
  const startMs = Date.now() + BEFORE_MS;
  const untilMs = startMs + durationMs;
  const course = await simulated(world.dir, { seed, startMs, durationMs, random: new Random(seed, 'course') });
  const [first, second] = world.replicas.ingestion;
  const sender = new Sender([first.process.url, second.process.url], KEY, new Random(seed, 'sender'));
  const faults = new FaultLog();
  const canaries = new Canaries(holdMs, faults);
  const watch = new Watch(world, canaries);
  watch.start();
  const [{ slowestMs }] = await Promise.all([
    send(course, sender),
    injectAll(world, plan, { faults, untilMs, watch }),
    sendCanaries(course, { sender, canaries, untilMs }),
  ]);
  sender.close();
  const restAt = lastTimeOf(course.bodies) + AFTER_MS;
  const steady = withoutClockReaders(await loadCatalog(world.config));
  const ofRecords = steady(await replayOfRecords(world, env, restAt));
  const ofCourse = steady(await replayOfCourse(course.bodies, world, env, restAt));
  const live = await watch.rest({ want: ofRecords, steady, patienceMs: holdMs + PATIENCE_MS });
  watch.stop();
  const isArchived = await untilArchived(world, PATIENCE_MS);
  const ofArchive = steady(await replayOfArchive(world, env, restAt));
  return {
    ...(await account(course.bodies, world, live.whole)),
    isArchived,
    ofArchive,
    startMs,
    injected: faults.injected,
    attempts: sender.attempts,
    replies: sender.replies,
    slowestMs,
    gaps: canaries.longest,
    unseen: canaries.unseen,
    live: live.catalog,
    ofRecords,
    ofCourse,
    dir: world.dir,
  };
}

interface Injecting {
  readonly faults: FaultLog;
  readonly untilMs: number;
  readonly watch: Watch;
}

/** Injects faults of all kinds in turn, in an order that is drawn, at moments that are drawn. */
async function injectAll(world: World, plan: Plan, { faults, untilMs, watch }: Injecting): Promise<void> {
  const random = new Random(plan.seed, 'faults');
  const recoveries: Promise<void>[] = [];
  let turn: string[] = [];
  await sleep(Math.max(0, untilMs - plan.durationMs - Date.now()) + CALM_MS);
  while (Date.now() < untilMs) {
    await sleep(random.between(100, 1_500));
    if (turn.length === 0) turn = shuffled(plan.kinds, random);
    const kind = turn.shift() ?? '';
    const fault = FAULT_KINDS[kind]?.(world, random);
    if (fault === undefined) throw new Error(`there is no fault "${kind}": ${Object.keys(FAULT_KINDS).join(', ')}`);
    const overlaps = random.chance(OVERLAPPING);
    const { over, recovered } = inject(fault, faults.begin(kind, fault.target, Date.now()), watch);
    recoveries.push(recovered);
    await (plan.apart ? recovered : over);
    // What was refused comes again only now, and is not to meet the next fault, and the one after it.
    if (plan.apart) await sleep(2 * LONGEST_GAP_MS);
    // A system that takes nothing in for long is not what a hold can bridge.
    if (!plan.apart && !overlaps) await watch.takesIn();
  }
  await Promise.all(recoveries);
}

/** `over`: what was broken is whole again; `recovered`: and the system has overcome it. */
function inject(
  fault: Fault,
  entry: Injected,
  watch: Watch,
): { readonly over: Promise<void>; readonly recovered: Promise<void> } {
  const over = fault.run();
  const recovered = over.then(async () => {
    await watch.atEase();
    entry.to = Date.now();
  });
  // It is awaited in the end.
  recovered.catch(() => undefined);
  return { over, recovered };
}

interface Rest {
  readonly want: string;
  readonly steady: (exposition: string) => string;
  readonly patienceMs: number;
}

/** Looks at the metrics again and again. */
class Watch {
  private stopped = false;

  constructor(
    private readonly world: World,
    private readonly canaries: Canaries,
  ) {}

  start(): void {
    void (async () => {
      while (!this.stopped) {
        await Promise.all(this.world.replicas.metrics.map((_, index) => this.look(index as 0 | 1)));
        await sleep(LOOK_EVERY_MS);
      }
    })();
  }

  stop(): void {
    this.stopped = true;
  }

  /** Resolves when both ingestions are ready. */
  async takesIn(): Promise<void> {
    await this.until('ingestion takes events in', async () => {
      const waiting = await notReady(this.world.replicas.ingestion);
      return { holds: waiting.length === 0, seen: waiting };
    });
  }

  /** Resolves when every app is ready and the backlog is small: what was broken before has been overcome. */
  async atEase(): Promise<void> {
    await this.until('the system is at ease', async () => {
      const waiting = await notReady(this.world.all);
      // Ingestion tells it without reading all metrics, which takes its time over a slow link.
      const { text } = await ask(`${this.world.replicas.ingestion[0].process.url}/metrics`);
      const backlog = Number(/^livemeter_ingestion_backlog_events (\d+)/m.exec(text)?.[1] ?? Infinity);
      return { holds: waiting.length === 0 && backlog <= BACKLOG_AT_EASE, seen: { waiting, backlog } };
    });
  }

  /** What both replicas show as soon as the `steady` part of it is what is wanted, or when time is up. */
  async rest({ want, steady, patienceMs }: Rest): Promise<{ catalog: readonly [string, string]; whole: string }> {
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      const [first, second] = await Promise.all([this.look(0), this.look(1)]);
      const whole = first ?? '';
      const catalog = [steady(catalogPart(whole)), steady(catalogPart(second ?? ''))] as const;
      if (catalog.every((text) => text === want) || Date.now() > giveUpAt) return { catalog, whole };
      await sleep(LOOK_EVERY_MS);
    }
  }

  private async look(index: 0 | 1): Promise<string | null> {
    const { status, text } = await ask(`${this.world.replicas.metrics[index].process.url}/metrics`);
    if (status !== 200) return null;
    this.canaries.look(text, Date.now());
    return text;
  }

  /** Throws with what was seen last, and with what the apps said, when it takes too long. */
  private async until(what: string, look: () => Promise<{ holds: boolean; seen: unknown }>): Promise<void> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (;;) {
      const { holds, seen } = await look();
      if (holds) return;
      if (Date.now() > giveUpAt) {
        const said = this.world.all.map(({ process }) => `\n${process.output}`).join('');
        throw new Error(`gave up waiting until ${what}: ${JSON.stringify(seen)}${said}`);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }
}

/** Those of the replicas that do not say that they are ready, with what they say. */
async function notReady(replicas: readonly Replica[]): Promise<{ name: string; status: number; text: string }[]> {
  const asked = replicas.map(async ({ name, process }) => ({ name, ...(await ask(`${process.url}/readyz`)) }));
  return (await Promise.all(asked)).filter(({ status }) => status !== 200);
}

/** What came back; 0 for no answer, with the reason. */
async function ask(url: string): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return { status: reply.status, text: await reply.text() };
  } catch (error) {
    return { status: 0, text: String(error) };
  }
}

function shuffled(kinds: readonly string[], random: Random): string[] {
  const left = [...kinds];
  return kinds.map(() => left.splice(random.between(0, left.length - 1), 1)[0] ?? '');
}

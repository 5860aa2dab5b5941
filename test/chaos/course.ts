import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../apps/cli/src/simulate/random.js';
import { cli } from '../e2e/system.js';
import { turnedAway } from '../support/turned-away.js';
import { type Canaries, canaryBody } from './canary.js';
import type { Sender } from './sender.js';

/** Events come out of order by up to this (ms). */
const SHUFFLE_MS = 200;

/** This share of the events is sent twice, the second time up to so much later (ms). */
const DUPLICATES = 0.1;
const DUPLICATE_WITHIN_MS = 3_000;

const CANARY_EVERY_MS = 500;

/** One body and when it is to be sent (Unix ms). */
interface Dispatch {
  readonly at: number;
  readonly body: string;
}

/** All that a small contact center sends in its time; deadlines are seconds away. */
export interface Course {
  readonly dispatches: readonly Dispatch[];
  /** The distinct bodies, in order of the times of their events: what an undisturbed system would have received. */
  readonly bodies: string[];
}

export async function simulated(
  dir: string,
  { seed, startMs, durationMs, random }: { seed: number; startMs: number; durationMs: number; random: Random },
): Promise<Course> {
  const file = join(dir, 'course.ndjson');
  const center = ['--agents', '12', '--tempo', '10', '--sla', '60s', '--duration', `${Math.ceil(durationMs / 1_000)}s`];
  await cli('simulate', '--out', file, '--seed', String(seed), '--start', new Date(startMs).toISOString(), ...center);
  // A focus that lasts would accrue for ever.
  const bodies = turnedAway(readFileSync(file, 'utf8').trimEnd().split('\n'));
  const dispatches: Dispatch[] = [];
  for (const body of bodies) {
    const at = timeOf(body) + random.between(0, SHUFFLE_MS);
    dispatches.push({ at, body });
    if (random.chance(DUPLICATES)) dispatches.push({ at: at + random.between(0, DUPLICATE_WITHIN_MS), body });
  }
  return { dispatches: dispatches.sort((a, b) => a.at - b.at), bodies };
}

/** Sends everything at its time, each event on its own, and resolves when all of it was answered 200. */
export async function send({ dispatches }: Course, sender: Sender): Promise<{ readonly slowestMs: number }> {
  let slowestMs = 0;
  const deliveries: Promise<void>[] = [];
  for (const { at, body } of dispatches) {
    const earlyMs = at - Date.now();
    if (earlyMs > 0) await sleep(earlyMs);
    const delivery = sender.deliver(body).then(() => {
      slowestMs = Math.max(slowestMs, Date.now() - timeOf(body));
    });
    deliveries.push(delivery);
  }
  await Promise.all(deliveries);
  return { slowestMs };
}

/** Sends canaries until `untilMs` (Unix ms); what they are is added to the course. */
export async function sendCanaries(
  { bodies }: Course,
  { sender, canaries, untilMs }: { sender: Sender; canaries: Canaries; untilMs: number },
): Promise<void> {
  const deliveries: Promise<void>[] = [];
  for (let count = 1; Date.now() < untilMs; count += 1) {
    const id = `canary-${count}`;
    const body = canaryBody(id, Date.now());
    bodies.push(body);
    canaries.sent(id, Date.now());
    deliveries.push(sender.deliver(body).then(() => canaries.taken(id, Date.now())));
    await sleep(CANARY_EVERY_MS);
  }
  await Promise.all(deliveries);
}

/** The time of a body's event (Unix ms). */
export function timeOf(body: string): number {
  return (JSON.parse(body) as { commonHeader: { eventTimestamp: number } }).commonHeader.eventTimestamp;
}

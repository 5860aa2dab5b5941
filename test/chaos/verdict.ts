import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Event, normaliseLivePerson } from '@app/event';
import { catalogPart, cliIn } from '../e2e/system.js';
import { timeOf } from './course.js';
import type { World } from './world.js';

/** What came of the events that were answered 200. */
export interface Account {
  /** Distinct events that were sent, all of which were answered 200. */
  readonly sent: number;
  /** Of those, the ones that no record holds. */
  readonly missingInRecord: number;
  /** Events per entity that were never applied (positive), or applied more than once (negative). */
  readonly lost: number;
  readonly doubled: number;
}

/** Counts what was sent against the records and against what the engine has applied. */
export function account(bodies: readonly string[], world: World, exposition: string): Account {
  const wanted = new Map(bodies.map((body) => [identityOf(eventOf(body)), eventOf(body)]));
  const recorded = new Set<string>();
  for (const record of world.records) {
    for (const line of linesOf(record)) {
      const { event } = JSON.parse(line) as { event?: unknown };
      if (event !== undefined) recorded.add(identityOf(eventOf(JSON.stringify(event))));
    }
  }
  const places = [...wanted.values()].map(
    (event) => Number(event.conversationId !== null) + Number(event.agentId !== null),
  );
  const due = places.reduce((sum, count) => sum + count, 0);
  const applied = appliedIn(exposition);
  return {
    sent: wanted.size,
    missingInRecord: [...wanted.keys()].filter((identity) => !recorded.has(identity)).length,
    lost: Math.max(0, due - applied),
    doubled: Math.max(0, applied - due),
  };
}

/** What `livemeter replay` makes of the records, merged in order of receipt. */
export function replayOfRecords(world: World, env: NodeJS.ProcessEnv, untilMs: number): Promise<string> {
  return replay(world.records, world, env, untilMs);
}

/** What it makes of the events as they happened: no fault, no delay, no duplicate. */
export function replayOfCourse(
  bodies: readonly string[],
  world: World,
  env: NodeJS.ProcessEnv,
  untilMs: number,
): Promise<string> {
  const file = join(world.dir, 'course-in-order.ndjson');
  const inOrder = [...bodies].sort((a, b) => timeOf(a) - timeOf(b));
  writeFileSync(file, inOrder.map((body) => `${body}\n`).join(''));
  return replay([file], world, env, untilMs);
}

async function replay(
  files: readonly string[],
  world: World,
  env: NodeJS.ProcessEnv,
  untilMs: number,
): Promise<string> {
  const args = ['--config', world.config, '--until', String(untilMs)];
  const { stdout } = await cliIn(env, 'replay', ...files, ...args);
  return catalogPart(stdout);
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function eventOf(body: string): Event {
  const [outcome] = normaliseLivePerson(JSON.parse(body), {
    receivedAt: Number.MAX_SAFE_INTEGER,
    accounts: null,
    headerAccountId: null,
    bodyHash: () => '',
  });
  if (outcome?.kind !== 'event') throw new Error(`no event: ${body}`);
  return outcome.event;
}

function identityOf({ accountId, type, uid, conversationId, agentId }: Event): string {
  return JSON.stringify([accountId, type, uid, conversationId, agentId]);
}

function appliedIn(exposition: string): number {
  const samples = exposition.matchAll(/^livemeter_events_total\{[^}]*outcome="(?:applied|late)"[^}]*\} (\d+)/gm);
  return [...samples].reduce((sum, [, count]) => sum + Number(count), 0);
}

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Event, normaliseLivePerson } from '@app/event';
import { cliIn } from '../e2e/system.js';
import { catalogPart } from '../support/catalog-part.js';
import { timeOf } from './course.js';
import type { World } from './world.js';

/** What came of the events that were answered 200. */
export interface Account {
  /** Distinct events that were sent, all of which were answered 200. */
  readonly sent: number;
  /** Of those, the ones that no record holds. */
  readonly missingInRecord: number;
  /** Of those, the ones that the archive does not hold. */
  readonly missingInArchive: number;
  /** Receipts that it holds more than once. */
  readonly doubledInArchive: number;
  /** Events per entity that were never applied (positive), or applied more than once (negative). */
  readonly lost: number;
  readonly doubled: number;
}

/** Counts what was sent against the records and against what the engine has applied. */
export async function account(bodies: readonly string[], world: World, exposition: string): Promise<Account> {
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
  const archived = await archivedIn(world);
  return {
    missingInArchive: wanted.size - archived.events,
    doubledInArchive: archived.receipts - archived.keys,
    sent: wanted.size,
    missingInRecord: [...wanted.keys()].filter((identity) => !recorded.has(identity)).length,
    lost: Math.max(0, due - applied),
    doubled: Math.max(0, applied - due),
  };
}

/** Resolves when nothing waits for the archive any more, in Redis or on disk; false when that takes too long. */
export async function untilArchived({ admin, spools }: World, patienceMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const [added, done] = await admin.hmget('{lm:archive}:intake', 'added', 'done');
    const onDisk = spools.flatMap((spool) => (existsSync(spool) ? readdirSync(spool) : []));
    if (added === done && onDisk.length === 0) return true;
    if (Date.now() > giveUpAt) return false;
    await sleep(200);
  }
}

async function archivedIn({ archive }: World): Promise<{ events: number; receipts: number; keys: number }> {
  const sql = `SELECT count(*)::INT AS receipts, count(DISTINCT (replica, sequence))::INT AS keys,
    count(DISTINCT (type, uid, conversation_id, agent_id))::INT AS events FROM receipts WHERE kind = 'event'`;
  const { stdout } = await cliIn({}, 'query', '--archive', archive, '--format', 'json', sql);
  return JSON.parse(stdout) as { events: number; receipts: number; keys: number };
}

/** What `livemeter replay` makes of the archive. */
export function replayOfArchive(world: World, env: NodeJS.ProcessEnv, untilMs: number): Promise<string> {
  return replay([world.archive], world, env, untilMs);
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

import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { names, NOTHING_LEFT, PARTITIONS, QueueWorld, until } from '../../../test/support/queue-world.js';
import { startTestRedis, type TestRedis } from '../../../test/support/redis.js';
import { backlog } from './intake.js';

/** No limit on time decides here: it only ends what hangs. */
jest.setTimeout(60_000);

let server: TestRedis;
let world: QueueWorld;

beforeAll(async () => {
  server = await startTestRedis();
});

afterAll(() => server.stop());

beforeEach(async () => {
  world = await QueueWorld.begin(server);
});

afterEach(() => world.end());

it('works off jobs that wait together, with the instants that the producer was told, and completes each', async () => {
  const told = [];
  for (const [i, data] of names(8).entries()) told.push(await world.producer.add(0, [{ at: 9 - i, data }]));
  world.replica('a', { maxTogether: 3 });
  await until(() => world.items.length === 8);
  // The first came after a wait for any; it is not known to have others behind it.
  expect(world.jobs).toEqual(['1', '2 3 4', '5 6 7', '8']);
  expect(world.items).toEqual(names(8));
  expect(world.instants).toEqual(told.flatMap((added) => added.effective));
  expect(await world.left()).toEqual(NOTHING_LEFT);
  expect(await backlog(world.redis, PARTITIONS)).toEqual([0, 0, 0]);
});

it('tries all jobs that are worked off together again when one attempt fails', async () => {
  let failures = 2;
  for (const data of names(4)) await world.producer.add(0, [{ at: 1, data }]);
  world.replica('a', {
    maxTogether: 10,
    process: async (_, batches) => {
      if (batches.length > 1 && failures-- > 0) throw new Error('the store is away');
      return world.take(batches);
    },
  });
  await until(() => world.items.length === 4);
  expect(world.jobs).toEqual(['1', '2 3 4']);
  expect(await world.left()).toEqual(NOTHING_LEFT);
});

it('reads no more of what waits than it may keep in memory', async () => {
  for (let i = 0; i < 4; i += 1) await world.producer.add(0, [{ at: 1, data: 'x'.repeat(300_000) }]);
  world.replica('a', { maxTogether: 10 });
  await until(() => world.items.length === 4);
  expect(world.jobs).toEqual(['1', '2 3', '4']);
  expect(await world.left()).toEqual(NOTHING_LEFT);
});

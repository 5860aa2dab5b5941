/**
 * The naive baseline: the same catalog, engine, state and commit script, and so the same guarantees; but each event is a
 * BullMQ job of its own, with a load and a commit of its own, worked by BullMQ's ordinary worker. Tuned where that costs
 * no guarantee: partitions are worked side by side (one job at a time in each, or order would be lost), jobs are removed
 * when done, and nothing is logged.
 */
import { type Item, Partition } from '@app/engine';
import { RedisStateStore } from '@app/state';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { allPacks } from '../catalogs.js';
import { naivePrefix, QUEUE } from './queues.js';

const url = process.env['REDIS_URL'] ?? '';
const partitions = Number(process.env['LIVEMETER_PARTITIONS']);
const catalog = allPacks();
const state = new Redis(url, { maxRetriesPerRequest: null });
const setAside = ({ reason }: { readonly reason: string }): Promise<void> => Promise.reject(new Error(reason));

for (let partition = 0; partition < partitions; partition += 1) {
  const engine = new Partition({ catalog, holdMs: 0, store: new RedisStateStore(state, { partition }), setAside });
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  new Worker<Item>(
    QUEUE,
    async ({ id, data }) => {
      const outcome = await engine.process({ id: id ?? '', items: [data] });
      if (outcome.kind === 'conflict') throw new Error('conflict');
    },
    { connection, prefix: naivePrefix(partition), concurrency: 1, removeOnComplete: { count: 0 } },
  );
}

process.once('SIGTERM', () => process.exit(0));

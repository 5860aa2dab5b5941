/**
 * The toy: average response time and nothing else, as one would write it in an afternoon. One BullMQ job per event, one
 * script per event that matters. It keeps no order, tells no duplicate from its original, and forgets nothing. Tuned: many
 * jobs at a time, no answer awaited between the steps of one event, jobs removed when done.
 */
import type { Event } from '@app/event';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { QUEUE, TOY_PREFIX } from './queues.js';

/** Of 20, 50, 100 and 200 the fastest here. */
const CONCURRENCY = 100;

/** KEYS[1] conversation; ARGV[1] time (ms) */
const ASKED = `redis.call('HSETNX', KEYS[1], 'waitingSince', ARGV[1])`;

/** KEYS[1] conversation; ARGV[1] time (ms), ARGV[2] agent. The assignment stays as it is for events of the same agent. */
const ASSIGNED = `
if redis.call('HGET', KEYS[1], 'agent') ~= ARGV[2] then
  redis.call('HSET', KEYS[1], 'agent', ARGV[2], 'assignedAt', ARGV[1])
end`;

/** KEYS[1] conversation, KEYS[2] sums; ARGV[1] time (ms), ARGV[2] agent */
const ANSWERED = `
local kept = redis.call('HMGET', KEYS[1], 'waitingSince', 'assignedAt')
if not kept[1] then return end
local since = math.max(tonumber(kept[1]), tonumber(kept[2] or 0))
redis.call('HINCRBY', KEYS[2], ARGV[2] .. ':sum', tonumber(ARGV[1]) - since)
redis.call('HINCRBY', KEYS[2], ARGV[2] .. ':count', 1)
redis.call('HDEL', KEYS[1], 'waitingSince')`;

const url = process.env['REDIS_URL'] ?? '';
const redis = new Redis(url, { maxRetriesPerRequest: null });
const prefix = `${TOY_PREFIX}:`;

async function take(event: Event): Promise<void> {
  const conversation = `${prefix}c:${event.accountId}:${event.conversationId}`;
  const { time, agentId } = event;
  switch (event.type) {
    case 'MessageConsumerEvent':
      await redis.eval(ASKED, 1, conversation, time);
      return;
    case 'ParticipantAgentAddEvent':
      if (event.isAssigned === true) await redis.eval(ASSIGNED, 1, conversation, time, agentId ?? '');
      return;
    case 'MessageAgentEvent':
      if (event.isAssigned !== false) {
        await redis.eval(ANSWERED, 2, conversation, `${prefix}art`, time, agentId ?? '');
      }
      return;
    case 'ConversationEndEvent':
      await redis.unlink(conversation);
      return;
    default:
  }
}

new Worker<Event>(QUEUE, ({ data }) => take(data), {
  connection: new Redis(url, { maxRetriesPerRequest: null }),
  prefix: TOY_PREFIX,
  concurrency: CONCURRENCY,
  removeOnComplete: { count: 0 },
});

process.once('SIGTERM', () => process.exit(0));

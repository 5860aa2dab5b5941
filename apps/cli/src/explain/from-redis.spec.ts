import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT, MetricsReplica, metricsSettings, Sender } from '../../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';
import { loadCatalog } from '../catalog/load.js';
import { explainFromRedis } from './from-redis.js';
import { subjectOf } from './subject.js';
import { explanationText } from './text.js';

const catalog = await loadCatalog(fileURLToPath(new URL('../../../../config', import.meta.url)));

let server: TestRedis;
let replica: MetricsReplica;
let sender: Sender;

beforeAll(async () => {
  server = await startTestRedis();
  replica = await MetricsReplica.start(metricsSettings(server.url));
  sender = await Sender.start(server.url);
});

afterAll(async () => {
  await sender.stop();
  await replica.app.close();
  await server.stop();
});

async function explained(
  metric: string,
  asked: { conversation?: string; agent?: string; account?: string },
): Promise<string> {
  const subject = subjectOf(catalog, metric, asked);
  const settings = { redisUrl: server.url, partitions: null };
  return explanationText(catalog, subject, await explainFromRedis(catalog, subject, settings));
}

describe('livemeter explain, of a running system', () => {
  it('tells the last events, state, timers and the part in gauges', async () => {
    const at = await sender.now();
    const by = at + 600_000;
    await sender.send('ConversationRequestEvent', at, { conversationId: 'c1' });
    await sender.send('MessageConsumerEvent', at + 1, { conversationId: 'c1' });
    await sender.send('TTRStatusEvent', at + 2, { conversationId: 'c1', effectiveTtr: by });
    await replica.until('/metrics', `conversations_awaiting_response{account_id="${ACCOUNT}",agent_id=""} 1`);
    await replica.until('/metrics', `ttr_breaches_total{account_id="${ACCOUNT}",agent_id=""} 0`);

    const text = await explained('longest_awaiting_response_seconds', { conversation: 'c1' });
    expect(text).toContain(`at conversation c1 of account ${ACCOUNT}, from the running system\n`);
    const instant = (ms: number): string => new Date(ms).toISOString();
    expect(text).toContain(
      [
        'its last events:',
        `    ${instant(at)}  ConversationRequestEvent`,
        `    ${instant(at + 1)}  MessageConsumerEvent`,
        `    ${instant(at + 2)}  TTRStatusEvent\n`,
      ].join('\n'),
    );
    expect(text).toContain(`\n    waitingSince ${new Date(at + 1).toISOString()}\n`);
    expect(text).toContain(`its timers:\n    TtrBreached ${new Date(by).toISOString()}\n`);
    expect(text).toContain(
      `its part in the metric:\n    longest_awaiting_response_seconds: the age of ${new Date(at + 1).toISOString()}\n`,
    );
    expect(await explained('consumer_wait_seconds', { conversation: 'c1' })).toContain(
      'its part in the metric:\n    nothing\n',
    );
  });

  it('needs no account where one alone has the id', async () => {
    const at = await sender.now();
    for (const [accountId, conversationId] of [
      ['other', 'theirs'],
      [ACCOUNT, 'both'],
      ['other', 'both'],
    ] as const) {
      await sender.send('ConversationRequestEvent', at, { accountId, conversationId });
    }
    await replica.until('/metrics', 'conversations_open{account_id="other"} 2');
    await replica.until('/metrics', `conversations_open{account_id="${ACCOUNT}"} 2`);
    const asked = (conversation: string, account?: string): Promise<string> =>
      explained('conversations_open', { conversation, ...(account !== undefined && { account }) });
    expect(await asked('theirs')).toContain('at conversation theirs of account other, from the running system\n');
    expect(await asked('both', 'other')).toContain('of account other,');
    await expect(asked('both')).rejects.toThrow(
      `several accounts have conversation both: ${[ACCOUNT, 'other'].sort().join(', ')} — add --account`,
    );
    await expect(asked('nowhere')).rejects.toThrow('the running system does not know conversation nowhere: it had no');
  });

  it('says that an entity is not known', async () => {
    await expect(explained('agent_load_ratio', { agent: 'nobody', account: ACCOUNT })).rejects.toThrow(
      `the running system does not know agent nobody of account ${ACCOUNT}: it had no event, or is forgotten`,
    );
  });

  it('says that a Redis cannot be reached', async () => {
    const subject = subjectOf(catalog, 'conversations_open', { conversation: 'c1', account: ACCOUNT });
    const settings = { redisUrl: 'redis://127.0.0.1:1', partitions: null };
    await expect(explainFromRedis(catalog, subject, settings)).rejects.toThrow(/^the Redis of REDIS_URL cannot tell: /);
  });
});

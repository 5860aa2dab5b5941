import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MetricsReplica, metricsSettings } from '../../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis();
});

afterAll(() => redis.stop());

it('does not wait, at its end, for a connection on which nobody has asked anything', async () => {
  const replica = await MetricsReplica.start(metricsSettings(redis.url));
  const { port } = new URL(replica.address);
  const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  // An answer to somebody who came later: the server has taken the connection by now.
  await replica.get('/healthz');
  const closed = once(socket, 'close');
  await replica.app.close();
  socket.resume();
  await closed;
  expect(socket.bytesRead).toBe(0);
});

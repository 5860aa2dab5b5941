import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MetricsReplica, metricsSettings } from '../../../../test/support/metrics.js';
import { startTestRedis, type TestRedis } from '../../../../test/support/redis.js';
import { duration, percent, since, stateName } from './client/format.js';

let redis: TestRedis;
let replica: MetricsReplica;

beforeAll(async () => {
  redis = await startTestRedis();
  replica = await MetricsReplica.start(metricsSettings(redis.url));
}, 30_000);

afterAll(async () => {
  await replica.app.close();
  await redis.stop();
}, 20_000);

describe('the wallboard', () => {
  it('is a page that loads nothing from elsewhere, and has nothing to run written into it', async () => {
    const { status, type, text, headers } = await replica.get('/');
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(text).not.toMatch(/https?:|style=|\son\w+=|<script(?![^>]*src=)|<style/);
  });

  it.each(['style.css', 'uplot.css', 'uplot.js'])('has its %s', async (file) => {
    const { status, type } = await replica.get(`/wallboard/${file}`);
    expect([status, type]).toEqual([
      200,
      file.endsWith('js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8',
    ]);
  });

  it.each(['other.js', 'main.js.map', '..%2fpage.js', '%2e%2e%2fpage.js'])('has no module %s', async (file) => {
    expect((await replica.get(`/wallboard/client/${file}`)).status).toBe(404);
  });
});

describe('what the wallboard writes', () => {
  it.each([
    [null, '–'],
    [0, '0 s'],
    [59.4, '59 s'],
    [65, '1 min 5 s'],
    [1_800, '30 min'],
    [7_500, '2 h 5 min'],
  ])('for %p seconds is %p', (seconds, want) => {
    expect(duration(seconds)).toBe(want);
  });

  it('for the rest is short, too', () => {
    expect([percent(1.251), percent(null), stateName('BACK_SOON'), stateName(null)]).toEqual([
      '125 %',
      '–',
      'Back soon',
      'Unknown',
    ]);
    expect(since('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:00:42Z'))).toBe('42 s');
  });
});

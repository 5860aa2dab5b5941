import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumerMessage, IngestionUnderTest, type Running, sign } from '../../../test/support/ingestion.js';
import { BODY_BYTES_MAX } from './body.js';

const HEAD = 'POST /v1/events/liveperson HTTP/1.1\r\nhost: a\r\n';

let ingestion: IngestionUnderTest;
const opened: Running[] = [];

beforeAll(async () => {
  ingestion = await IngestionUnderTest.start();
}, 20_000);

afterAll(async () => {
  for (const { app } of opened) await app.close();
  await ingestion.stop();
});

/** Another replica with other settings; closed in the end. */
async function open(env: Readonly<Record<string, string>>): Promise<Running> {
  const running = await ingestion.another(env);
  opened.push(running);
  return running;
}

/** A bare connection; what breaks it is no error. */
function dial({ url }: Running): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname).on('error', () => undefined);
}

/** All that comes back until the other side closes. */
async function answerTo(running: Running, sent: string): Promise<string> {
  const socket = dial(running);
  socket.write(sent);
  return text(socket).catch(() => '');
}

/** Waits for the first bytes that come back. */
async function firstBytes(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
}

async function sendOne(running: Running): Promise<number> {
  const body = consumerMessage();
  const reply = await fetch(`${running.url}/v1/events/liveperson`, { method: 'POST', headers: sign(body), body });
  return reply.status;
}

describe('a limit', () => {
  it('on headers: more is answered 431', async () => {
    const running = await open({ LIVEMETER_MAX_HEADER_BYTES: '1024' });
    const big = `${HEAD}x-big: ${'a'.repeat(2_000)}\r\n\r\n`;
    expect(await answerTo(running, big)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await sendOne(running)).toBe(200);
  });

  it.each([
    { what: 'whose headers never end', sent: HEAD },
    { what: 'whose body never ends', sent: `${HEAD}content-length: 100\r\n\r\n{` },
  ])('on time: a request $what is given up', async ({ sent }) => {
    const running = await open({ LIVEMETER_REQUEST_TIMEOUT_MS: '300' });
    expect(await answerTo(running, sent)).toMatch(/^HTTP\/1\.1 408 /);
    expect(await sendOne(running)).toBe(200);
  });

  it('on idleness: a connection on which nothing moves is closed', async () => {
    const running = await open({ LIVEMETER_IDLE_TIMEOUT_MS: '1000' });
    expect(await answerTo(running, '')).toBe('');
  });

  it('on connections: one too many is closed, and one that ends makes room', async () => {
    const running = await open({ LIVEMETER_MAX_CONNECTIONS: '1' });
    const first = dial(running);
    first.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n');
    expect(await firstBytes(first)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await answerTo(running, 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n')).toBe('');
    const gone = new Promise((resolve) => first.once('close', resolve));
    first.end();
    await gone;
    expect(await sendOne(running)).toBe(200);
  });

  it('on what is read at once: nobody fills the memory without a credential', async () => {
    const running = await open({ LIVEMETER_MAX_BODY_BYTES_AT_ONCE: String(BODY_BYTES_MAX) });
    const part = Math.floor(BODY_BYTES_MAX * 0.6);
    const sockets = [dial(running), dial(running)];
    const first = Promise.race(sockets.map(firstBytes));
    for (const socket of sockets) {
      socket.write(`${HEAD}content-length: ${BODY_BYTES_MAX}\r\n\r\n`);
      socket.write(Buffer.alloc(part, 0x20));
    }
    const answer = await first;
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/\r\nretry-after: 2\r\n/i);
    for (const socket of sockets) socket.destroy();
    expect(await sendOne(running)).toBe(200);
  });

  it('on the pace of a source, where one is set: 429, and it may come again', async () => {
    const dir = join(ingestion.dir, 'paced');
    mkdirSync(dir);
    const source = `type: liveperson\n    credentials: [{ type: lp-signature, key: "\${env:LP_KEY}" }]`;
    writeFileSync(
      join(dir, 'sources.yaml'),
      `sources:\n  liveperson:\n    ${source}\n    maxRequestsPerSecond: 1\n  other:\n    ${source}\n`,
    );
    const running = await open({ LIVEMETER_CONFIG: dir });
    const statuses = await Promise.all(Array.from({ length: 20 }, () => sendOne(running)));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const body = consumerMessage();
    const reply = await fetch(`${running.url}/v1/events/liveperson`, { method: 'POST', headers: sign(body), body });
    if (reply.status === 429) expect(reply.headers.get('retry-after')).toBe('2');
    const other = await fetch(`${running.url}/v1/events/other`, { method: 'POST', headers: sign(body), body });
    expect(other.status).toBe(200);
    expect(await (await fetch(`${running.url}/metrics`)).text()).toMatch(
      /^livemeter_rate_limited_total\{source="liveperson"\} \d+$/m,
    );
  });
});

describe('while much waits', () => {
  it('the replies of an account that sends more than its share are held back, and no others', async () => {
    const dir = join(ingestion.dir, 'shared');
    mkdirSync(dir);
    const source = `type: liveperson\n    credentials: [{ type: lp-signature, key: "\${env:LP_KEY}" }]`;
    writeFileSync(join(dir, 'sources.yaml'), `sources:\n  liveperson:\n    ${source}\n`);
    const running = await open({ LIVEMETER_CONFIG: dir });
    const send = async (accountId: string, count: number): Promise<string> => {
      const events = Array.from({ length: count }, (_, n) =>
        consumerMessage({
          header: { accountId, uid: `${accountId}-${n}` },
          data: { convDetails: { convId: `c-${n}` } },
        }),
      );
      const body = `[${events.join(',')}]`;
      const post = () => fetch(`${running.url}/v1/events/liveperson`, { method: 'POST', headers: sign(body), body });
      let reply = await post();
      // A busy machine may not store as much within a second: then it comes again, as from any sender.
      while (reply.status === 503) reply = await post();
      return reply.text();
    };
    const figure = async (name: string): Promise<number> => {
      const page = await (await fetch(`${running.url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(page)?.[1]);
    };
    const paced = () => figure('livemeter_ingestion_paced_requests_total');
    await send('quiet', 1);
    for (let round = 0; round < 15; round += 1) {
      expect(await send('loud', 1_000)).toBe('{"accepted":1000,"quarantined":0,"ignored":0}');
    }
    while ((await figure('livemeter_ingestion_backlog_events')) < 15_000) await new Promise(setImmediate);
    const before = await paced();
    expect(await send('loud', 1)).toBe('{"accepted":1,"quarantined":0,"ignored":0}');
    expect(await paced()).toBe(before + 1);
    expect(await send('quiet', 1)).toBe('{"accepted":1,"quarantined":0,"ignored":0}');
    expect(await paced()).toBe(before + 1);
  });
});

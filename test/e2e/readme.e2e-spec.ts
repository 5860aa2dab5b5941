import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';
import { System, until } from './system.js';

const ROOT = join(import.meta.dirname, '../..');
const BLOCKS = blocksOf('README.md');

/** The code blocks of a page. */
function blocksOf(page: string): { readonly text: string }[] {
  const blocks = readFileSync(join(ROOT, page), 'utf8').matchAll(/^```\w*\n(.*?)^```$/gms);
  return [...blocks].map(([, text]) => ({ text: text ?? '' }));
}

/** The first code block of the README that has this in it. */
function blockWith(part: string): string {
  const found = BLOCKS.find(({ text }) => text.includes(part));
  if (found === undefined) throw new Error(`the README has no block with ${part}`);
  return found.text;
}

let system: System;

beforeAll(async () => {
  system = await System.start({ config: 'shipped' });
});

afterAll(async () => {
  await system.stop();
});

/** Runs shell lines of the README against the system of this test. */
async function shell(script: string): Promise<string> {
  const here = script
    .replaceAll('127.0.0.1:8420', `127.0.0.1:${system.ports.ingestion}`)
    .replaceAll('127.0.0.1:8421', `127.0.0.1:${system.ports.metrics}`)
    .replaceAll('LP_KEY=secret', `LP_KEY=${system.key}`);
  return (await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', here])).stdout;
}

describe('the README', () => {
  it('walks through ten events to the numbers that it tells', async () => {
    const replies = await shell(blockWith('event AgentStateChangedEvent'));
    expect(replies).toBe('{"accepted":1,"quarantined":0,"ignored":0}\n'.repeat(11));

    const want = blockWith('account_available_slots{');
    const ask = blockWith('agent_response_time|first_response_time');
    let got = '';
    await until('the numbers are there', async () => {
      got = await shell(ask).catch(() => '');
      return got === want;
    }).catch(() => undefined);
    expect(got).toBe(want);
  });

  it('defines a metric of its own, with a test that passes', async () => {
    const commands = new CommandLine();
    const shipped = join(ROOT, 'config/metrics');
    for (const name of readdirSync(shipped).filter((file) => !file.endsWith('.test.yaml'))) {
      commands.define(name, readFileSync(join(shipped, name), 'utf8'));
    }
    commands.define('mine.yaml', blockWith('- name: proactive_messages_total'));
    const file = commands.define('mine.test.yaml', blockWith('metric: proactive_messages_total'));
    const { out, err, code } = await commands.run(['test', file]);
    commands.remove();
    expect({ out, err, code }).toEqual({
      out: expect.stringContaining('1 test: 1 passed, 0 failed'),
      err: '',
      code: 0,
    });
  });

  it('asks REST for the same', async () => {
    const [load, agents] = blockWith('/v1/accounts/84731/load').trimEnd().split('\n');
    expect(JSON.parse(await shell(load ?? ''))).toMatchObject({ agentsPresent: 1, load: 0.75, availableSlots: 1 });
    expect(JSON.parse(await shell(agents ?? ''))).toMatchObject({
      agents: [{ id: 'a-1', name: 'Agent One', load: 0.75 }],
    });
  });
});

describe('docs/rest.md', () => {
  const commands = blocksOf('docs/rest.md').flatMap(({ text }) => text.trimEnd().split('\n'));

  /** Of an entry of the quarantine that is long gone. */
  const isGone = (command: string) => /quarantine\/\d/.test(command);

  it.each(commands)('%s', async (command) => {
    // A stream goes on for ever; its head is enough.
    const patience = command.includes('/v1/stream') ? ' --max-time 2 || [ $? = 28 ]' : '';
    const answer = await shell(`${command} -w '\n%{http_code}'${patience}`);
    const [body = '', status] = answer.split(/\n(?=\d{3}$)/);
    expect({ status, body }).toEqual({
      status: isGone(command) ? '404' : '200',
      body: isGone(command) ? expect.stringContaining('There is no such entry') : expect.stringMatching(/^[{#r]/),
    });
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';
import { compare } from './compare.js';

const SHIPPED = join(import.meta.dirname, '../../config');

let commands: CommandLine;

beforeEach(() => {
  commands = new CommandLine();
});

afterEach(() => {
  commands.remove();
});

/** A small brand, brought as a network brings it: out of order within the engine's hold, and a fifth of it twice. */
async function simulate(...args: string[]): Promise<{ events: string; truth: string; until: string }> {
  const [events, file] = [join(commands.dir, 'events.ndjson'), join(commands.dir, 'truth.prom')];
  const brand = ['--start', '2026-05-04T09:00:00Z', '--agents', '8', '--rate', '30', '--tempo', '12', '--sla', '3m'];
  const network = ['--duration', '3m', '--shuffle', '--duplicates', '20%'];
  await commands.run(['simulate', ...brand, ...network, '--out', events, '--truth', file, ...args]);
  const truth = readFileSync(file, 'utf8');
  return { events, truth, until: /^# The truth at (\S+)/.exec(truth)?.[1] ?? '' };
}

async function replay(events: string, until: string): Promise<string> {
  return (await commands.run(['replay', events, '--config', SHIPPED, '--until', until])).out;
}

/** The metrics of which nothing but 0 is said. */
function idle(truth: string): string[] {
  const names = [...truth.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  return names.filter((name) => !new RegExp(`^${name}(_count)?\\{.*\\} (?!0$)`, 'm').test(truth));
}

describe('the truth of a simulated center is what the system says', () => {
  it('in the middle of its day: every metric but time that is still being counted', async () => {
    const { events, truth, until } = await simulate('--seed', '7');
    const { alike, differences } = compare(truth, await replay(events, until), { isSameInstant: true });
    expect(differences).toEqual([]);
    expect(alike).toBeGreaterThan(300);
    expect(idle(truth)).toEqual([]);
  });

  it('when it has closed: every counter, that of time included', async () => {
    const { events, truth, until } = await simulate('--seed', '8', '--close');
    const { differences } = compare(truth, await replay(events, until), { isSameInstant: true });
    expect(differences).toEqual([]);
    expect(idle(truth)).not.toContain('agent_state_seconds_total');
    expect(idle(truth)).not.toContain('handle_time_live_seconds_total');
  });

  it('and a single answer that gets lost on the way is noticed', async () => {
    const { events, truth, until } = await simulate('--seed', '7');
    const lines = readFileSync(events, 'utf8').split('\n');
    const lost = lines.findIndex((line) => line.includes('"MessageAgentEvent"'));
    writeFileSync(events, lines.filter((line) => line !== lines[lost]).join('\n'));
    const { differences } = compare(truth, await replay(events, until), { isSameInstant: true });
    expect(differences.join('\n')).toMatch(/^messages_total.*sender="agent".*the truth is/m);
  });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addSimulateCommand } from './command.js';

describe('livemeter simulate --out', () => {
  const dir = mkdtempSync(join(tmpdir(), 'livemeter-simulate-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  async function lines(...args: string[]): Promise<string[]> {
    const path = join(dir, 'out.ndjson');
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    addSimulateCommand(program);
    await program.parseAsync(['simulate', '--out', path, '--start', '2026-05-04T09:00:00Z', ...args], { from: 'user' });
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  }

  const digest = (text: readonly string[]): string => createHash('sha256').update(text.join('\n')).digest('hex');

  it('writes the same bytes for the same seed, others for another', async () => {
    const first = await lines('--seed', '7');
    expect(digest(await lines('--seed', '7'))).toBe(digest(first));
    expect(digest(await lines('--seed', '8'))).not.toBe(digest(first));
  });

  it('writes the same events with --shuffle and --duplicates', async () => {
    const plain = await lines('--seed', '7', '--duration', '2m');
    const disordered = await lines('--seed', '7', '--duration', '2m', '--shuffle', '--duplicates', '20%');
    expect(new Set(disordered)).toEqual(new Set(plain));
    expect(disordered.length).toBeGreaterThan(plain.length);
  });

  it('goes on for ten minutes unless it is told', async () => {
    const times = (await lines()).map((line) => JSON.parse(line).commonHeader.eventTimestamp as number);
    const minutes = (Math.max(...times) - Date.UTC(2026, 4, 4, 9)) / 60_000;
    expect(minutes).toBeGreaterThan(9.9);
    expect(minutes).toBeLessThan(10);
  });

  it.each([
    { args: ['--duplicates', '200%'], want: 'Write a share' },
    { args: ['--agents', 'many'], want: 'Write a whole number' },
    { args: ['--speed', '2'], want: "'--out <file>' cannot be used with option '--speed <x>'" },
  ])('refuses $args', async ({ args, want }) => {
    const said: string[] = [];
    const program = new Command().exitOverride().configureOutput({ writeErr: (text) => said.push(text) });
    addSimulateCommand(program);
    const parsed = program.parseAsync(['simulate', '--out', join(dir, 'never'), ...args], { from: 'user' });
    await expect(parsed).rejects.toThrow();
    expect(said.join('')).toContain(want);
  });
});

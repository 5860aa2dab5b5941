import { expect, it } from '@jest/globals';
import { FAULT_KINDS } from './faults.js';
import { againOf, reportOf } from './report.js';
import { type Plan, runChaos } from './run.js';

const {
  CHAOS_SEED = '1',
  CHAOS_MINUTES = '0.5',
  CHAOS_HOLD = '20000',
  CHAOS_FAULTS = '',
  CHAOS_APART = '',
  CHAOS_KEEP = '',
} = process.env;

const plan: Plan = {
  seed: Number(CHAOS_SEED),
  durationMs: Number(CHAOS_MINUTES) * 60_000,
  holdMs: Number(CHAOS_HOLD),
  kinds: CHAOS_FAULTS === '' ? Object.keys(FAULT_KINDS) : CHAOS_FAULTS.split(','),
  apart: CHAOS_APART !== '',
  keepFiles: CHAOS_KEEP !== '',
};

it(
  'is exact under fire',
  async () => {
    process.stdout.write(`again: ${againOf(plan)}\n\n`);
    const outcome = await runChaos(plan);
    process.stdout.write(`${reportOf(plan, outcome)}\n${plan.keepFiles ? `files: ${outcome.dir}\n` : ''}\n`);
    expect({ slowestIsWithinHold: outcome.slowestMs < plan.holdMs }).toEqual({ slowestIsWithinHold: true });
    const { missingInRecord, lost, doubled, unseen } = outcome;
    expect({ missingInRecord, lost, doubled, unseen }).toEqual({ missingInRecord: 0, lost: 0, doubled: 0, unseen: 0 });
    const { isArchived, missingInArchive, doubledInArchive } = outcome;
    expect({ isArchived, missingInArchive, doubledInArchive }).toEqual({
      isArchived: true,
      missingInArchive: 0,
      doubledInArchive: 0,
    });
    for (const live of outcome.live) expect(live).toBe(outcome.ofRecords);
    expect(outcome.ofRecords).toBe(outcome.ofCourse);
    expect(outcome.ofArchive).toBe(outcome.ofRecords);
  },
  plan.durationMs + plan.holdMs + 10 * 60_000,
);

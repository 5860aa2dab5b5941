import type { Tally } from './sender.js';

/** One line on how a run goes: the rate is that since the tally `before`, `sinceMs` ago. */
export function progressOf(tally: Tally, before: Tally, sinceMs: number): string {
  const rate = ((tally.sent - before.sent) * 1_000) / sinceMs;
  const parts = [`${tally.sent} events sent`, `${rate.toFixed(1)}/s`, ...troubles(tally)];
  if (tally.pending > 0) parts.push(`${tally.pending} pending`);
  return parts.join(', ');
}

/** What a run has come to. */
export function summaryOf(tally: Tally, tookMs: number): string {
  const seconds = Math.max(tookMs, 1) / 1_000;
  const parts = [`${tally.sent} events sent in ${seconds.toFixed(1)} s`, `${(tally.sent / seconds).toFixed(1)}/s`];
  parts.push(...troubles(tally));
  if (tally.pending > 0) parts.push(`${tally.pending} not delivered`);
  return parts.join(', ');
}

function troubles({ failedAttempts, retrying, lastFailure }: Tally): string[] {
  if (failedAttempts === 0) return [];
  const parts = [`${failedAttempts} failed attempts (last: ${lastFailure ?? 'unknown'})`];
  if (retrying > 0) parts.push(`${retrying} conversations or agents to be retried`);
  return parts;
}

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

/** The same for a program to read, in one line of JSON. */
export function reportOf(tally: Tally, tookMs: number): string {
  const { holds, longestHoldMs, isHolding, ...counts } = tally;
  const holdBacks = { count: holds, longestSeconds: Math.round(longestHoldMs) / 1_000, isHolding };
  return JSON.stringify({ tookSeconds: Math.round(tookMs) / 1_000, ...counts, holdBacks });
}

function troubles(tally: Tally): string[] {
  const { failedAttempts, lastFailure, slow, lost, holds, longestHoldMs } = tally;
  const parts: string[] = [];
  if (failedAttempts > 0) {
    parts.push(`${failedAttempts} failed attempts (last: ${lastFailure ?? 'unknown'})`);
    parts.push(`${tally.retried} retried`);
    parts.push(`held back ${holds} times, ${(longestHoldMs / 1_000).toFixed(1)} s at the longest`);
  }
  if (tally.isHolding) parts.push('everything is held back');
  if (tally.duplicates > 0) parts.push(`${tally.duplicates} without an answer in time: duplicates if they were stored`);
  if (tally.overtaken > 0) parts.push(`${tally.overtaken} overtook stored ones`);
  if (lost > 0) parts.push(`${lost} given up after the retention`);
  if (slow.length > 0) parts.push(`LivePerson might have disabled ${slow.join(', ')}: slower than 2.5 s for 2 minutes`);
  return parts;
}

import type { Instants } from '../shares.js';

/**
 * A line of the record: the instant of receipt that counts (ms) and the original JSON. The two entities of an event may
 * live in partitions whose clocks differ; the agent's instant is given where it is another.
 */
export function eventLine({ conversation, agent }: Instants, json: string): string {
  const receivedAt = conversation ?? agent;
  const ofAgent = agent !== null && agent !== receivedAt ? `,"agentReceivedAt":${agent}` : '';
  return `{"receivedAt":${receivedAt}${ofAgent},"event":${onOneLine(json)}}\n`;
}

/** In a JSON text, line breaks stand between tokens only. */
function onOneLine(json: string): string {
  return json.replace(/[\r\n]+/g, ' ').trim();
}

/** A line that says that no ingestion replica was ready between two instants (ms). */
export function outageLine(from: number, to: number): string {
  return `{"outage":{"from":${from},"to":${to}}}\n`;
}

import type { Ledger } from './ledger.js';

const RESPONSE = [5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14400];
const QUEUE = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600];
const DURATION = [60, 300, 600, 1800, 3600, 14400, 86400, 604800];

/** The histograms of the packs with their buckets (s). */
const HISTOGRAMS: Readonly<Record<string, readonly number[]>> = {
  consumer_wait_seconds: RESPONSE,
  agent_response_time_seconds: RESPONSE,
  first_response_time_seconds: RESPONSE,
  ttr_overrun_seconds: RESPONSE,
  queue_wait_seconds: QUEUE,
  conversation_duration_seconds: DURATION,
};

const COUNTERS = [
  'ttr_breaches_total',
  'ttr_deadlines_met_total',
  'agent_state_changes_total',
  'conversation_transfers_total',
  'conversations_started_total',
  'conversations_ended_total',
  'conversations_ended_unanswered_total',
  'conversations_resumed_total',
  'messages_total',
  'focus_switches_total',
];

/** Counters of time: final only when nothing of theirs is under way. */
export const RESTING = [
  'agent_state_seconds_total',
  'conversation_focus_seconds_total',
  'handle_time_live_seconds_total',
] as const;

/** What is true of one instant only. */
export const GAUGES = [
  'average_response_time_seconds',
  'conversations_awaiting_response',
  'longest_awaiting_response_seconds',
  'conversations_overdue',
  'conversations_due_soon',
  'ttr_attainment_ratio',
  'agent_load_ratio',
  'agent_assigned_weight',
  'agent_max_slots',
  'agent_assigned_conversations',
  'agent_info',
  'agents_present',
  'agents_overloaded',
  'account_load_ratio',
  'account_available_slots',
  'agents',
  'conversations_queued',
  'oldest_queued_seconds',
  'conversations_open',
] as const;

/** Declares every metric whose name and meaning the language fixes (§9). */
export function declareMetrics(ledger: Ledger): void {
  for (const [name, bounds] of Object.entries(HISTOGRAMS)) ledger.declare(name, bounds);
  for (const name of [...COUNTERS, ...RESTING]) ledger.declare(name, 'counter');
  for (const name of GAUGES) ledger.declare(name, 'gauge');
}

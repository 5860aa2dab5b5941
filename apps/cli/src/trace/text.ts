import { formatTestTime, type Value, type ValueType } from '@app/language';

/** A sample's number: a bigint is in micro-units. */
export function numberText(number: number | bigint): string {
  return String(typeof number === 'bigint' ? Number(number) / 1e6 : number);
}

/** How a time (ms) is written. */
export type TimeText = (timeMs: number) => string;

/** A value of a field; times as a test would write them, unless told otherwise. */
export function valueText(value: Value, type: ValueType, timeText: TimeText = formatTestTime): string {
  return type === 'time' && typeof value === 'number' ? timeText(value) : JSON.stringify(value);
}

/** A series without its account: `wait_seconds{agent_id="a1"}`. */
export function seriesText(metric: string, labelNames: readonly string[], labels: readonly string[]): string {
  if (labelNames.length === 0) return metric;
  return `${metric}{${labelNames.map((name, index) => `${name}=${JSON.stringify(labels[index] ?? '')}`).join(',')}}`;
}

/** `1 test`, `2 tests`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A duration for people: `42 s`, `3 min`, `2 h 5 min`. Takes seconds. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 10) return `${minutes} min ${whole % 60} s`;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago a time (RFC 3339) was, or how far ahead it is, at `nowMs`. */
export function since(time: string | null, nowMs: number): string {
  return time === null ? '–' : duration(Math.abs(nowMs - Date.parse(time)) / 1000);
}

/** `87 %` */
export function percent(ratio: number | null): string {
  return ratio === null ? '–' : `${Math.round(ratio * 100)} %`;
}

/** A state as one reads it. */
export function stateName(state: string | null): string {
  const text = (state ?? 'unknown').replace('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

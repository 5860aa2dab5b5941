/** Micro-units as the shortest exact decimal: 8124000n is `8.124`. No double is involved, so nothing is rounded. */
export function formatMicro(micro: bigint): string {
  const negative = micro < 0n;
  const digits = (negative ? -micro : micro).toString().padStart(7, '0');
  const whole = digits.slice(0, -6);
  let end = digits.length;
  while (end > digits.length - 6 && digits.charCodeAt(end - 1) === 48) end--;
  const fraction = digits.slice(digits.length - 6, end);
  return (negative ? '-' : '') + (fraction === '' ? whole : `${whole}.${fraction}`);
}

/** Milliseconds as exact decimal seconds: 1500 is `1.5`. */
export function formatMillis(ms: number): string {
  return formatMicro(BigInt(Math.round(ms)) * 1000n);
}

/** A double as Prometheus reads it; the shortest text that means the same double. */
export function formatDouble(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '0' : String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** A sample's value: exact when it is a bigint (micro-units), else a double. */
export function formatValue(value: bigint | number): string {
  return typeof value === 'bigint' ? formatMicro(value) : formatDouble(value);
}

/**
 * A bucket bound in OpenMetrics' canonical form: as Go's %g, and always recognisable as a float (`5.0`, `1e+06`).
 */
export function formatCanonical(bound: number): string {
  if (!Number.isFinite(bound)) return formatDouble(bound);
  const size = Math.abs(bound);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) {
    return bound.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(bound) ? `${formatDouble(bound)}.0` : String(bound);
}

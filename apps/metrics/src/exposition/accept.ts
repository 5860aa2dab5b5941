/** Whether an Accept header asks for OpenMetrics: named, and at least as welcome as plain text. */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  const openMetrics = quality(accept ?? '', 'application/openmetrics-text');
  return openMetrics > 0 && openMetrics >= quality(accept ?? '', 'text/plain');
}

/** The greatest weight under which the media type itself (no wildcard) stands in the header; 0 when it does not. */
function quality(accept: string, mediaType: string): number {
  let greatest = 0;
  for (const range of accept.split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (name !== mediaType) continue;
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const value = weight === undefined ? 1 : Number(weight);
    if (Number.isFinite(value)) greatest = Math.max(greatest, Math.min(value, 1));
  }
  return greatest;
}

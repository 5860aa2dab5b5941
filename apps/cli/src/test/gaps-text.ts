import { counted } from '../trace/text.js';
import { type Gap, placeText } from './coverage.js';

/** More are counted, not told one by one. */
const MOST = 30;

/** What no test exercises, a line each. */
export function gapsText(gaps: readonly Gap[]): string {
  const lines = gaps.slice(0, MOST).map((gap) => `  ${placeText(gap)}: ${gap.what}`);
  const more = gaps.length > MOST ? [`  and ${gaps.length - MOST} more; --json tells all`] : [];
  return [`no test exercises ${counted(gaps.length, 'part')} of the definitions:`, ...lines, ...more].join('\n');
}

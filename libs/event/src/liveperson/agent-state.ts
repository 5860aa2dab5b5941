import type { AgentState } from '../event.js';

/** LivePerson's documented codes. -1 (unknown) and 0 (irrelevant) are not states and fall to UNKNOWN. */
const BY_CODE: ReadonlyMap<string, AgentState> = new Map([
  ['1', 'OFFLINE'],
  ['2', 'ONLINE'],
  ['3', 'BACK_SOON'],
  ['4', 'AWAY'],
]);

/** By text, in capitals and with spaces, `_` and `-` taken out. Chat says occupied where messaging says back soon. */
const BY_TEXT: ReadonlyMap<string, AgentState> = new Map([
  ['OFFLINE', 'OFFLINE'],
  ['ONLINE', 'ONLINE'],
  ['BACKSOON', 'BACK_SOON'],
  ['OCCUPIED', 'BACK_SOON'],
  ['AWAY', 'AWAY'],
]);

/** A state, and whether text and code named two different ones. */
export interface ReadState {
  readonly state: AgentState | null;
  readonly disagrees: boolean;
}

/**
 * The state that text and code mean. LivePerson's own page pairs code 3 with AWAY where its tables make 3 back soon, so
 * the text is the truth and the code counts only where there is no text.
 */
export function agentStateOf(code: string | null, text: string | null): ReadState {
  const byCode = code === null ? null : (BY_CODE.get(code.trim()) ?? 'UNKNOWN');
  if (text === null) return { state: byCode, disagrees: false };
  const byText = BY_TEXT.get(text.toUpperCase().replaceAll(/[\s_-]/g, '')) ?? 'UNKNOWN';
  return { state: byText, disagrees: byCode !== null && byCode !== byText };
}

const NO_REASON_CODES: ReadonlySet<string> = new Set(['-1', '0', 'NA']);

/** The reason's code, or null where one of LivePerson's spellings of "no reason" stands. */
export function reasonCodeOf(code: string | null): string | null {
  return code === null || NO_REASON_CODES.has(code.trim().toUpperCase()) ? null : code;
}

/** The reason's text. NA means "none" only where there is no code: an account may call a reason that. */
export function reasonTextOf(text: string | null, code: string | null): string | null {
  return code === null && text !== null && text.trim().toUpperCase() === 'NA' ? null : text;
}

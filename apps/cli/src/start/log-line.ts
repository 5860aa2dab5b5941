const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** The levels of a log line, least first. */
export type Level = (typeof LEVELS)[number];

/**
 * A line that an app wrote, for a person: `metrics warn Redis is away (connect ECONNREFUSED)`. Null when it is below
 * `least`. What is no log line is shown as it is, whatever `least` says: it is a crash, or a message before logging began.
 */
export function presentLine(app: string, line: string, least: Level): string | null {
  const entry = parse(line);
  if (entry === null) return `${app}  ${line}`;
  if (LEVELS.indexOf(entry.level) < LEVELS.indexOf(least)) return null;
  const cause = entry.cause === null || entry.text.includes(entry.cause) ? '' : ` (${entry.cause})`;
  return `${app}  ${entry.level}  ${entry.text}${cause}`;
}

interface Entry {
  readonly level: Level;
  readonly text: string;
  readonly cause: string | null;
}

function parse(line: string): Entry | null {
  if (!line.startsWith('{')) return null;
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: unknown; msg?: unknown; err?: { message?: unknown } };
    const known = LEVELS.find((name) => name === level);
    if (known === undefined || typeof msg !== 'string') return null;
    return { level: known, text: msg, cause: typeof err?.message === 'string' ? err.message : null };
  } catch {
    return null;
  }
}

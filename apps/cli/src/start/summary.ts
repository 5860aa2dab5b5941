/** The sum of all series of one name in Prometheus text; null when there is none. */
function total(text: string, name: string): number | null {
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^\\n]*\\})? (\\S+)$`, 'gm'))].map(([, value]) =>
    Number(value),
  );
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

/** One line that tells what the shipped metrics say, from the text of `/metrics`. What is absent is left out. */
export function summarise(text: string): string {
  const responses = total(text, 'agent_response_time_seconds_count');
  const seconds = total(text, 'agent_response_time_seconds_sum');
  const load = total(text, 'account_load_ratio');
  const parts = [
    counted(total(text, 'agents_present'), 'agents'),
    load === null ? null : `load ${Math.round(load * 100)} %`,
    counted(total(text, 'conversations_awaiting_response'), 'conversations wait for an answer'),
    counted(total(text, 'conversations_overdue'), 'overdue'),
    counted(responses, 'answers'),
    responses === null || seconds === null || responses === 0 ? null : `ART ${(seconds / responses).toFixed(1)} s`,
    counted(total(text, 'ttr_breaches_total'), 'deadlines missed'),
    counted(total(text, 'ttr_deadlines_met_total'), 'met'),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function counted(value: number | null, what: string): string | null {
  return value === null ? null : `${value} ${what}`;
}

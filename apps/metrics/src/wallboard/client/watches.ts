import type { MetricsReply } from '../../rest/replies.js';

/** What the board follows: resources of the account with their parameters. */
export interface Watches {
  readonly load: string;
  readonly agents: string;
  readonly queue: string;
  readonly deadlines: string;
  readonly breaches: string;
  readonly course: string;
  /** Null where the course tells it, too. */
  readonly art: string | null;
}

/** What is chosen to be seen; the empty text stands for all. */
export interface Chosen {
  readonly team: string;
  readonly state: string;
}

/** All samples, since they are added up: the limit is the most that may be asked for. */
const ALL = 'limit=10000';

/** What is followed for what is chosen. Nobody is assigned in the queue, so that it is of no team. */
export function watchesFor({ team, state }: Chosen): Watches {
  const ofTeam = team === '' ? '' : `&team=${encodeURIComponent(team)}`;
  const ofState = state === '' ? '' : `&state=${state}`;
  return {
    load: team === '' ? 'load' : `load?team=${encodeURIComponent(team)}`,
    agents: `agents?sort=-load&limit=200${ofState}${ofTeam}`,
    queue: 'metrics?name=conversations_queued,oldest_queued_seconds',
    deadlines: `metrics?name=conversations_overdue,conversations_due_soon&${ALL}${ofTeam}`,
    breaches: `metrics?name=ttr_breaches_total&range=24h&${ALL}${ofTeam}`,
    // The mean of a team's agents is made of theirs: no formula that ships knows teams.
    course:
      team === ''
        ? 'metrics?name=average_response_time_seconds&window=5m&range=1h'
        : `metrics?name=agent_response_time_seconds&range=75m&${ALL}${ofTeam}`,
    art: team === '' ? 'metrics?name=average_response_time_seconds&window=15m' : null,
  };
}

type Course = NonNullable<MetricsReply['metrics'][number]['course']>;

/** The mean of each step and the steps before it, so many together, of what all series observed; null where nothing was. */
export function meansOver(course: Course, steps: number): (number | null)[] {
  const length = course.series[0]?.values.length ?? 0;
  const added = (of: (series: Course['series'][number], step: number) => number): number[] =>
    Array.from({ length }, (_, step) => course.series.reduce((sum, series) => sum + of(series, step), 0));
  const sums = added(({ values }, step) => values[step] ?? 0);
  const counts = added(({ counts }, step) => counts?.[step] ?? 0);
  return sums.map((_, step) => {
    const within = (list: readonly number[]): number =>
      list.slice(Math.max(0, step - steps + 1), step + 1).reduce((sum, value) => sum + value, 0);
    return within(counts) === 0 ? null : within(sums) / within(counts);
  });
}

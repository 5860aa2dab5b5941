import type { TestCase } from '@app/language';

/** One thing that a test wants otherwise than it is. */
export interface Difference {
  /** Where the expectation stands. */
  readonly position: TestCase['position'];
  /** The instant of the expectation (ms). */
  readonly at: number;
  /** What is looked at: `wait_seconds{agent_id="a1"}`, or `conversation c1, waitingSince`. */
  readonly subject: string;
  readonly want: string;
  readonly got: string;
}

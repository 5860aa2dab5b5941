/** An error as HTTP tells it: RFC 9457 problem details. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What is wrong with the parameters, one by one. */
  readonly errors?: readonly { readonly parameter: string; readonly allowed: string }[];
}

/** Content type of a {@link Problem}. */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  414: 'URI too long',
  503: 'Service unavailable',
};

/** A controller throws this; the filter turns it into the reply. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** A problem with the usual title of its status. */
export function problem(status: number, detail: string, more: Pick<Problem, 'errors'> = {}): Problem {
  return { type: 'about:blank', title: TITLES[status] ?? 'Internal server error', status, detail, ...more };
}

/** The name of every baseline's queue. */
export const QUEUE = 'events';

/** BullMQ's key prefix of a partition of the naive baseline. */
export function naivePrefix(partition: number): string {
  return `{naive:${partition}}`;
}

/** BullMQ's key prefix of the toy. */
export const TOY_PREFIX = '{toy}';

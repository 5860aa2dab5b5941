/** Given to `JSON.parse`, takes the names of agents out of a delivery, wherever in it they stand. */
export function withoutNames(key: string, value: unknown): unknown {
  return key === 'agentName' ? undefined : value;
}

/** Items in an order in which each follows what it depends on, and the circles that keep some from having one. */
export interface Topology<T> {
  readonly ordered: readonly T[];
  /** Each circle once, as the names along it; the first name is repeated at the end. */
  readonly cycles: readonly (readonly string[])[];
}

/** Orders by dependency; what is free to choose keeps the given order. Dependencies that are no items are ignored. */
export function orderByDependency<T extends { readonly name: string }>(
  items: readonly T[],
  dependenciesOf: (item: T) => Iterable<string>,
): Topology<T> {
  const left = new Map(items.map((item) => [item.name, item]));
  const ordered: T[] = [];
  const isFree = (item: T): boolean => [...dependenciesOf(item)].every((name) => !left.has(name));
  for (let next = items.find(isFree); next !== undefined; next = [...left.values()].find(isFree)) {
    left.delete(next.name);
    ordered.push(next);
  }
  return { ordered, cycles: cyclesAmong(left, dependenciesOf) };
}

/** From each item that is left, dependencies lead into a circle: walk until a name comes again. */
function cyclesAmong<T extends { readonly name: string }>(
  left: ReadonlyMap<string, T>,
  dependenciesOf: (item: T) => Iterable<string>,
): (readonly string[])[] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const start of left.values()) {
    const trail: string[] = [];
    for (let item: T | undefined = start; item !== undefined && !done.has(item.name);) {
      const seen = trail.indexOf(item.name);
      if (seen >= 0) {
        cycles.push([...trail.slice(seen), item.name]);
        break;
      }
      trail.push(item.name);
      item = [...dependenciesOf(item)].map((name) => left.get(name)).find((each) => each !== undefined);
    }
    for (const name of trail) done.add(name);
  }
  return cycles;
}

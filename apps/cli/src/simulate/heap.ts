/** A binary heap: the least item first, and among equals the one added first, so that ties never depend on the heap's shape. */
export class Heap<T> {
  private readonly nodes: { readonly key: number; readonly order: number; readonly item: T }[] = [];
  private added = 0;

  get size(): number {
    return this.nodes.length;
  }

  /** The least key, or undefined when the heap is empty. */
  get leastKey(): number | undefined {
    return this.nodes[0]?.key;
  }

  push(key: number, item: T): void {
    this.nodes.push({ key, order: this.added, item });
    this.added += 1;
    this.rise(this.nodes.length - 1);
  }

  /** Takes the least item out, or answers undefined when there is none. */
  pop(): T | undefined {
    const first = this.nodes[0];
    const last = this.nodes.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.nodes.length > 0) {
      this.nodes[0] = last;
      this.sink(0);
    }
    return first.item;
  }

  private rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(from: number): void {
    let at = from;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.nodes.length && this.before(child, least)) least = child;
      }
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private before(a: number, b: number): boolean {
    const left = this.nodes[a];
    const right = this.nodes[b];
    if (left === undefined || right === undefined) return false;
    return left.key !== right.key ? left.key < right.key : left.order < right.order;
  }

  private swap(a: number, b: number): void {
    const left = this.nodes[a];
    const right = this.nodes[b];
    if (left === undefined || right === undefined) return;
    this.nodes[a] = right;
    this.nodes[b] = left;
  }
}

/** A fault that was injected; times of this process (ms). */
export interface Injected {
  readonly kind: string;
  readonly target: string;
  readonly from: number;
  to: number;
}

/** Which faults there were, and when. */
export class FaultLog {
  readonly injected: Injected[] = [];

  begin(kind: string, target: string, now: number): Injected {
    const fault = { kind, target, from: now, to: Infinity };
    this.injected.push(fault);
    return fault;
  }

  /** The kinds of the faults that lasted at any time between the two instants; `none` when there was none. */
  during(from: number, to: number): readonly string[] {
    const kinds = this.injected.filter((fault) => fault.from <= to && fault.to >= from).map(({ kind }) => kind);
    return kinds.length === 0 ? ['none'] : [...new Set(kinds)];
  }
}

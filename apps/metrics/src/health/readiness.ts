/** What may be missing, the gravest first. */
const NEEDS = ['closing', 'redis', 'catalog', 'durability'] as const;

export type Need = (typeof NEEDS)[number];

type Words = Readonly<Partial<Record<Need, string>>>;

/** Says what is missing now, in words; null when nothing is. */
export type Probe = () => string | null;

/** Whether this replica can serve. */
export class Readiness {
  private readonly probes = new Map<Need, Probe>();

  /** @param accepted What may be missing all the same: it is told, but the replica is ready without. */
  constructor(private readonly accepted: readonly Need[]) {}

  /** From now on the probe is asked for the need. */
  watch(need: Need, probe: Probe): void {
    this.probes.set(need, probe);
  }

  /** What is missing, and what is missing but accepted, both in words. The replica is ready when nothing is missing. */
  get state(): { readonly ready: boolean; readonly missing: Words; readonly reduced: Words } {
    const missing: Partial<Record<Need, string>> = {};
    const reduced: Partial<Record<Need, string>> = {};
    for (const need of NEEDS) {
      const words = this.probes.get(need)?.() ?? null;
      if (words !== null) (this.accepted.includes(need) ? reduced : missing)[need] = words;
    }
    return { ready: Object.keys(missing).length === 0, missing, reduced };
  }
}

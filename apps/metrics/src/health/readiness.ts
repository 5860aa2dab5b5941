/** What may be missing, the gravest first. */
const NEEDS = ['closing', 'redis', 'catalog', 'durability'] as const;

export type Need = (typeof NEEDS)[number];

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

  /** Whether nothing is missing but what is accepted; and all that is missing, in words. */
  get state(): { readonly ready: boolean; readonly missing: Readonly<Partial<Record<Need, string>>> } {
    const missing: Partial<Record<Need, string>> = {};
    for (const need of NEEDS) {
      const words = this.probes.get(need)?.() ?? null;
      if (words !== null) missing[need] = words;
    }
    return { ready: NEEDS.every((need) => missing[need] === undefined || this.accepted.includes(need)), missing };
  }
}

/** What may be missing, the gravest first. */
const NEEDS = ['closing', 'redis', 'catalog', 'workers', 'durability'] as const;

export type Need = (typeof NEEDS)[number];

type Words = Readonly<Partial<Record<Need, string>>>;

/** Says what is missing now, in words; null when nothing is. */
export type Probe = () => string | null;

/** Whether this replica can serve. */
export class Readiness {
  private readonly probes = new Map<Need, { readonly probe: Probe; readonly isTolerable: () => boolean }>();

  /** @param accepted What may be missing all the same: it is told, but the replica is ready without. */
  constructor(private readonly accepted: readonly Need[]) {}

  /** From now on the probe is asked for the need; and, when something is missing, whether it can serve all the same. */
  watch(need: Need, probe: Probe, isTolerable: () => boolean = () => this.accepted.includes(need)): void {
    this.probes.set(need, { probe, isTolerable });
  }

  /** What is missing, and what is missing but tolerable, both in words. The replica is ready when nothing is missing. */
  get state(): { readonly ready: boolean; readonly missing: Words; readonly reduced: Words } {
    const missing: Partial<Record<Need, string>> = {};
    const reduced: Partial<Record<Need, string>> = {};
    for (const need of NEEDS) {
      const watched = this.probes.get(need);
      const words = watched?.probe() ?? null;
      if (words !== null) (watched?.isTolerable() ? reduced : missing)[need] = words;
    }
    return { ready: Object.keys(missing).length === 0, missing, reduced };
  }
}

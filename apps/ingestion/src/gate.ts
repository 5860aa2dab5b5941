/** What may stand in the way of taking events, the gravest first. */
export const OBSTACLES = [
  'closing',
  'redis',
  'outage',
  'memory',
  'backlog',
  'replicas',
  'record',
  'durability',
] as const;

export type Obstacle = (typeof OBSTACLES)[number];

/** What is told, and refuses no events: they can be stored all the same. */
const TOLD_ONLY: ReadonlySet<Obstacle> = new Set(['closing', 'durability']);

/** Says what stands in the way now, in words; null when nothing does. Asked with every request, so it must be quick. */
export type Probe = () => string | null;

export type Findings = Readonly<Partial<Record<Obstacle, string>>>;

/** Whether events are taken, and if not, all that stands in the way. */
export class Gate {
  private readonly probes = new Map<Obstacle, Probe>();

  /** `tolerated`: what is told, but neither refuses events nor makes this replica not ready. */
  constructor(private readonly tolerated: ReadonlySet<Obstacle> = new Set()) {}

  /** From now on the probe is asked whether the obstacle stands. */
  watch(obstacle: Obstacle, probe: Probe): void {
    this.probes.set(obstacle, probe);
  }

  /** The obstacle for which requests are answered 503 now, or null. */
  get refusing(): Obstacle | null {
    for (const [obstacle, probe] of this.probes) {
      if (!TOLD_ONLY.has(obstacle) && probe() !== null) return obstacle;
    }
    return null;
  }

  /** Whether nothing of this kind stands in the way now. */
  isClear(...obstacles: readonly Obstacle[]): boolean {
    return obstacles.every((obstacle) => (this.probes.get(obstacle)?.() ?? null) === null);
  }

  /** All that is missing now. */
  get missing(): Findings {
    return this.find((obstacle) => !this.tolerated.has(obstacle));
  }

  /** What is missing and was said to be tolerable. */
  get reduced(): Findings {
    return this.find((obstacle) => this.tolerated.has(obstacle));
  }

  private find(wanted: (obstacle: Obstacle) => boolean): Findings {
    const found: Partial<Record<Obstacle, string>> = {};
    for (const obstacle of OBSTACLES) {
      const detail = wanted(obstacle) ? (this.probes.get(obstacle)?.() ?? null) : null;
      if (detail !== null) found[obstacle] = detail;
    }
    return found;
  }
}

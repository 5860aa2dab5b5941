import { checkDurability } from '@app/state';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import { isReady, type RedisClient } from '@app/redis';

/** Between looks (ms); sooner after one that failed, since Redis was away then. */
const EVERY_MS = 60_000;
const AGAIN_MS = 2_000;

/** Whether Redis keeps what it is given, looked at now and every minute. */
export class DurabilityWatch {
  /** What is wrong, each with its remedy, as last seen. */
  problems: readonly string[] = [];
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly redis: RedisClient,
    private readonly telemetry: Telemetry,
  ) {}

  /** Looks, and goes on looking until stopped. While Redis is away the last finding stands. */
  async start(): Promise<void> {
    const looked = isReady(this.redis) && (await this.look().catch(() => false));
    if (!this.stopped) this.timer = setTimeout(() => void this.start(), looked ? EVERY_MS : AGAIN_MS).unref();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async look(): Promise<boolean> {
    const { ok, problems } = await checkDurability(this.redis);
    this.problems = problems;
    if (!ok) this.telemetry.report(OCCURRENCES.notDurable, {}, { problems });
    return ok;
  }
}

import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import { patientConnection, type RedisClient } from '@app/redis';
import { Alarm, waitFor } from './alarm.js';
import { type Batch, type Gather, PartitionConsumer } from './consumer.js';
import { backlogOf } from './intake.js';
import { ARCHIVE, ARCHIVE_BEFORE_KEY, ARCHIVE_EPOCH_KEY, ARCHIVE_TENURE_KEY, jobCounterKey, leaseKey } from './keys.js';
import { Leases } from './leases.js';
import { evenWhenFull, OPENING_WHEN_FULL } from './when-full.js';

/** Who works the archive's queue: from taking it over until it is another's. */
export interface Tenure {
  /** Greater than that of everybody who worked the queue before. */
  readonly number: number;
  /** When the queue was begun (ms); job numbers count from then on. */
  readonly epoch: number;
  /** Jobs up to this number may have been stored in an epoch before. */
  readonly before: number;
  /** False as soon as it is known to be over. */
  readonly lasts: boolean;
  /** Whether it lasts now, by asking Redis. Rejects as Redis does. */
  confirm(): Promise<boolean>;
}

export interface ArchiveWorkerOptions<T> {
  readonly redisUrl: string;
  /** Distinct among all replicas that ever ran. */
  readonly replicaId: string;
  readonly telemetry: Telemetry;
  /**
   * Stores batches that follow one another. What it throws is trouble of the surroundings, and they are tried again
   * without end; batches may come again, whole, after they were stored, and with others than before. When their numbers are
   * in use already, for other batches, a new epoch begins, and they come again at once.
   */
  readonly process: (tenure: Tenure, batches: readonly Batch<T>[]) => Promise<'stored' | 'numbers in use'>;
  /** The most batches that are stored together. */
  readonly maxTogether: number;
  /** How long a batch waits for more (ms), for how many bytes, and how many items are enough. */
  readonly gather: { readonly ms: number; readonly maxBytes: number; readonly items: number };
  /** Hears of what `process` throws. */
  readonly onTrouble: (error: unknown) => void;
  readonly timing?: Partial<ArchiveTiming>;
}

/** All in ms; as of the partitions. */
interface ArchiveTiming {
  readonly leaseMs: number;
  readonly passMs: number;
  readonly lockMs: number;
  readonly stalledMs: number;
  /** How long what is under way may take at the end. */
  readonly closeMs: number;
}

const TIMING: ArchiveTiming = { leaseMs: 4_000, passMs: 1_000, lockMs: 4_000, stalledMs: 1_000, closeMs: 10_000 };

/**
 * KEYS[1] the newest tenure, KEYS[2] the epoch, KEYS[3] what was before it, KEYS[4] BullMQ's counter of jobs; ARGV[1] '1'
 * for a new epoch. Returns tenure, epoch and before.
 */
const TENURE_SCRIPT = `${OPENING_WHEN_FULL}
local time = redis.call('TIME')
local now = string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
if ARGV[1] == '1' or redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('MSET', KEYS[2], now, KEYS[3], redis.call('GET', KEYS[4]) or '0')
end
-- By the clock, so that no number comes twice, not even on a replica that was promoted without the newest.
local number = string.format('%.0f', math.max((tonumber(redis.call('GET', KEYS[1])) or 0) + 1, tonumber(now)))
redis.call('SET', KEYS[1], number)
return { number, redis.call('GET', KEYS[2]), redis.call('GET', KEYS[3]) or '0' }`;

class HeldTenure implements Tenure {
  lasts = true;

  constructor(
    public number: number,
    public epoch: number,
    public before: number,
    private readonly renew: () => Promise<boolean>,
  ) {}

  async confirm(): Promise<boolean> {
    return this.lasts && (await this.renew()) && this.lasts;
  }
}

/** Works the archive's queue in order, one replica at a time, under a lease that others take over when it lapses. */
export class ArchiveWorker<T> {
  private readonly redis: RedisClient;
  private readonly leases: Leases;
  private readonly timing: ArchiveTiming;
  private readonly alarm = new Alarm();
  private closed = false;
  private loop: Promise<void> | null = null;
  private held: { readonly tenure: HeldTenure; readonly consumer: PartitionConsumer<T>; ended: Promise<void> } | null =
    null;

  constructor(private readonly options: ArchiveWorkerOptions<T>) {
    this.timing = { ...TIMING, ...options.timing };
    this.redis = evenWhenFull(patientConnection(options.redisUrl, (error) => this.trouble('connection', error)));
    this.leases = new Leases(this.redis, options.replicaId, this.timing.leaseMs);
  }

  /** Takes part from now on. */
  start(): void {
    this.loop ??= this.follow();
  }

  /**
   * Stores what is gathered, gives the queue back and takes no further part. What cannot be finished (Redis or the store is
   * away) is left to whoever takes the queue over.
   */
  async close(): Promise<void> {
    this.closed = true;
    const { held } = this;
    if (held !== null) {
      held.consumer.finish();
      await waitFor(held.ended, this.redis.status === 'ready' ? this.timing.closeMs : 0);
      held.tenure.lasts = false;
    }
    this.alarm.ring();
    if (this.redis.status === 'ready') await this.leases.release(ARCHIVE).catch(() => undefined);
    this.redis.disconnect();
    await this.loop;
  }

  private async follow(): Promise<void> {
    while (!this.closed) {
      await this.pass().catch((error: unknown) => this.trouble('lease', error));
      await this.alarm.sleep(this.timing.passMs);
    }
  }

  private async pass(): Promise<void> {
    const { held } = this;
    if (held === null) {
      if (await this.leases.claim(ARCHIVE)) await this.take();
    } else if (!(await this.leases.renew(ARCHIVE)) && held.tenure.lasts) {
      held.tenure.lasts = false;
      held.consumer.abandon();
      this.options.telemetry.report(OCCURRENCES.leaseLost, {}, { partition: ARCHIVE });
    }
  }

  private async take(): Promise<void> {
    const tenure = await this.tenure(false);
    if (this.closed) return;
    const { redis, options, timing } = this;
    const { ms, maxBytes, items } = options.gather;
    const gather: Gather = { ms, maxBytes, enough: async () => (await backlogOf(redis, ARCHIVE)) >= items };
    const consumer = new PartitionConsumer<T>({
      ...timing,
      redis,
      partition: ARCHIVE,
      telemetry: options.telemetry,
      maxTogether: options.maxTogether,
      gather,
      process: async (batches) => {
        await this.store(tenure, batches);
        return { nextDue: null };
      },
      onProcessed: () => undefined,
      onTrouble: options.onTrouble,
    });
    options.telemetry.report(OCCURRENCES.leaseTaken, {}, { partition: ARCHIVE });
    const ended = consumer.run().then(() => void (this.held = null));
    this.held = { tenure, consumer, ended };
  }

  private async store(tenure: HeldTenure, batches: readonly Batch<T>[]): Promise<void> {
    const { process } = this.options;
    while (tenure.lasts && (await process(tenure, batches)) === 'numbers in use') {
      const { number, epoch, before } = await this.tenure(true);
      [tenure.number, tenure.epoch, tenure.before] = [number, epoch, before];
    }
    if (!tenure.lasts) throw new Error('the archive is another replica’s');
  }

  private async tenure(newEpoch: boolean): Promise<HeldTenure> {
    const keys = [ARCHIVE_TENURE_KEY, ARCHIVE_EPOCH_KEY, ARCHIVE_BEFORE_KEY, jobCounterKey(ARCHIVE)];
    const found = (await this.redis.eval(TENURE_SCRIPT, keys.length, ...keys, newEpoch ? '1' : '0')) as string[];
    const [number = 0, epoch = 0, before = 0] = found.map(Number);
    return new HeldTenure(number, epoch, before, () => this.leases.renew(ARCHIVE));
  }

  private trouble(during: string, error: unknown): void {
    this.options.telemetry.report(OCCURRENCES.redisTrouble, { during }, { err: error, partition: leaseKey(ARCHIVE) });
  }
}

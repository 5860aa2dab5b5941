import type { RedisClient } from '@app/redis';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import { Alarm } from './alarm.js';
import { INGESTION_KEY } from './keys.js';

/** A stretch in which no ingestion replica was ready (ms, Redis's time). */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

export interface ReadinessOptions {
  /** Fails at once while Redis is away ({@link impatientConnection}). */
  readonly redis: RedisClient;
  readonly replicaId: string;
  /**
   * Puts the outage into every partition's queue and into the record. It is called before the heartbeat that ends the
   * outage, and again with a later `to` when it failed or took long: an outage may be declared twice, never left out.
   */
  readonly onOutage: (outage: Outage) => Promise<void>;
  readonly telemetry: Telemetry;
  /**
   * Whether events can be stored now; default always. While they cannot, and are refused, no heartbeat is written: once
   * no replica takes any, that is an outage like any other.
   */
  readonly able?: () => boolean;
  /** Between heartbeats (ms); default 100. Ticks wait for them, so this adds to how late releases are seen. */
  readonly everyMs?: number;
  /** A longer gap is an outage (ms); default 1000. */
  readonly maxGapMs?: number;
}

/**
 * One heartbeat, by Redis's time. A replica that starts counts any gap, one that runs a gap above the limit; heartbeats
 * of other replicas fill gaps. A gap that was declared is closed by `declared`, its end.
 *
 * KEYS[1] ingestion hash; ARGV[1] replica, ARGV[2] limit (ms), ARGV[3] '1' when it starts, ARGV[4] declared (ms) or ''
 * Returns {} when the heartbeat was written, else {from, to} of an outage to declare first.
 */
const BEAT_SCRIPT = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local limit = tonumber(ARGV[2])
local last = nil
local live = false
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local beat = tonumber(all[i + 1])
  if all[i] == 'last' then last = beat
  elseif now - beat > limit then redis.call('HDEL', KEYS[1], all[i])
  else live = true end
end
if last then
  local since = math.max(last, tonumber(ARGV[4]) or 0)
  local gap = now - since > limit or (ARGV[3] == '1' and not live and ARGV[4] == '')
  if gap then return {last, math.max(last, now)} end
end
local text = string.format('%.0f', math.max(now, last or 0))
redis.call('HSET', KEYS[1], 'last', text, 'r:' .. ARGV[1], text)
return {}`;

/**
 * Tells the others that this ingestion replica is ready, and finds the stretches in which none was. An event may be taken
 * in only while {@link ready} is true: then the outage, if there was one, stands before it in its partition's queue.
 */
export class IngestionReadiness {
  private readonly alarm = new Alarm();
  private readonly everyMs: number;
  private readonly maxGapMs: number;
  private starting = true;
  private stopped = false;
  private confirmedAt = -Infinity;
  private loop: Promise<void> | null = null;

  constructor(private readonly options: ReadinessOptions) {
    this.everyMs = options.everyMs ?? 100;
    this.maxGapMs = options.maxGapMs ?? 1_000;
  }

  /** True while the last heartbeat is no older than the limit, by this process's monotonic clock. */
  get ready(): boolean {
    return !this.stopped && performance.now() - this.confirmedAt <= this.maxGapMs;
  }

  /** Resolves with the first heartbeat, before which a gap since the last one was declared; tries without end. */
  async start(): Promise<void> {
    while (!this.stopped && !(await this.tryBeat())) await this.alarm.sleep(this.everyMs);
    this.starting = false;
    this.loop = this.follow();
  }

  /** No more heartbeats; this replica is no longer counted as live. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.alarm.ring();
    await this.loop;
    // When Redis is away, the heartbeat lapses by itself.
    await this.options.redis.hdel(INGESTION_KEY, `r:${this.options.replicaId}`).catch(() => undefined);
  }

  private async follow(): Promise<void> {
    await this.alarm.sleep(this.everyMs);
    while (!this.stopped) {
      if (this.options.able?.() ?? true) await this.tryBeat();
      await this.alarm.sleep(this.everyMs);
    }
  }

  private async tryBeat(): Promise<boolean> {
    try {
      await this.beat();
      return true;
    } catch (error) {
      this.options.telemetry.report(OCCURRENCES.redisTrouble, { during: 'heartbeat' }, { err: error });
      return false;
    }
  }

  /** Declares what must be declared, then writes the heartbeat. */
  private async beat(): Promise<void> {
    let declared = '';
    while (!this.stopped) {
      const asked = performance.now();
      const outage = await this.send(declared);
      if (outage === null) {
        this.confirmedAt = asked;
        return;
      }
      await this.options.onOutage(outage);
      this.options.telemetry.report(OCCURRENCES.outage, {}, { ...outage });
      declared = String(outage.to);
    }
  }

  private async send(declared: string): Promise<Outage | null> {
    const { redis, replicaId } = this.options;
    const starts = this.starting ? '1' : '0';
    const args = [replicaId, String(this.maxGapMs), starts, declared];
    const [from, to] = (await redis.eval(BEAT_SCRIPT, 1, INGESTION_KEY, ...args)) as number[];
    return from === undefined || to === undefined ? null : { from, to };
  }
}

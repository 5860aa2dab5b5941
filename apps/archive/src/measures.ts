import type { Written } from '@app/archive';
import { Counter, Gauge, type Registry } from 'prom-client';

/** The archive app's own figures, of this replica. */
export class Measures {
  private readonly rows: Counter;
  private readonly files: Counter;
  private readonly bytes: Counter;
  private readonly newest: Gauge;
  private readonly merged: Counter;
  private readonly expired: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.rows = counter(
      'livemeter_archive_rows_total',
      'Events that this replica has archived: they are safely in files.',
    );
    this.files = counter('livemeter_archive_files_total', 'Files that this replica has written.');
    this.bytes = counter('livemeter_archive_bytes_total', 'Bytes of those files.');
    this.merged = counter('livemeter_archive_merged_files_total', 'Small files that were made into larger ones.');
    this.expired = counter('livemeter_archive_expired_files_total', 'Files that were removed because of their age.');
    this.newest = new Gauge({
      name: 'livemeter_archive_newest_receipt_timestamp_seconds',
      help: 'When the newest event that this replica has archived was received; 0 before the first.',
      registers,
    });
  }

  /** What was written, and when the newest of it was received (ms). */
  wrote({ rows, files, bytes }: Written, newestReceipt: number): void {
    this.rows.inc(rows);
    this.files.inc(files);
    this.bytes.inc(bytes);
    if (newestReceipt > 0) this.newest.set(newestReceipt / 1000);
  }

  keptUp({ merged, expired }: { readonly merged: number; readonly expired: number }): void {
    this.merged.inc(merged);
    this.expired.inc(expired);
  }
}

import type { ReadStream } from 'node:fs';

/** How much of the files of a run has been read: what a run that takes long is measured by. */
export class ReadMeter {
  private readonly files: { readonly stream: ReadStream; readonly bytes: number }[] = [];
  private endless = false;
  private told: number | null = null;

  /** A file of so many bytes that is being read. */
  file(stream: ReadStream, bytes: number): void {
    this.files.push({ stream, bytes });
  }

  /** Something without a known end is read, too: then nobody knows how much is left. */
  unknown(): void {
    this.endless = true;
  }

  /** The part (0 to 1) that has been read of something that is no file. */
  reached(share: number): void {
    this.told = share;
  }

  /** The part read, 0 to 1; null where it is not known. */
  share(): number | null {
    if (this.told !== null) return this.told;
    const total = this.files.reduce((sum, { bytes }) => sum + bytes, 0);
    if (this.endless || total === 0) return null;
    return Math.min(1, this.files.reduce((sum, { stream }) => sum + stream.bytesRead, 0) / total);
  }
}

/** A stored file: its path below the root, with `/` between folders. */
export interface Stored {
  readonly path: string;
  readonly bytes: number;
}

/** Where an archive is kept. Everything rejects while the place cannot be reached; it can be tried again. */
export interface ArchivePlace {
  /** As people write it: a folder, or `s3://bucket/prefix`. */
  readonly address: string;
  /** A local folder for what is being written; on the disk of the archive, where that is local. */
  readonly workFolder: string;
  /** All files below a folder (`''`: all that there are). */
  list(folder: string): Promise<readonly Stored[]>;
  /** Moves a local file there: whole and safely, or not at all. What is there is replaced. */
  put(path: string, localFile: string): Promise<void>;
  /** Removes a file; one that is gone is none to worry about. */
  remove(path: string): Promise<void>;
  /** Local files with the contents of these, in order. */
  fetch(files: readonly Stored[]): Promise<readonly string[]>;
}

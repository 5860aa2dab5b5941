/** Where a value is missing, Hive's layout says so. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

/** The longest name of a folder, encoded; an account with a longer one is filed under {@link NO_VALUE}. */
const NAME_MAX = 200;

/** The date of an instant (ms) in UTC, such as `2026-03-02`. */
export function utcDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The folder of a receipt: `account_id=…/date=…`, the date that of the receipt in UTC. */
export function directoryOf(accountId: string | null, receivedAt: number): string {
  // Half a character, which JSON may hold, has no encoding.
  const encoded = accountId === null ? NO_VALUE : encodeURIComponent(Buffer.from(accountId).toString());
  const account = encoded === '' || encoded.length > NAME_MAX ? NO_VALUE : encoded;
  return `account_id=${account}/date=${utcDate(receivedAt)}`;
}

/** What a file's name tells: the jobs of the queue whose rows of its folder it holds, and who wrote it. */
export interface FileFacts {
  /** When the queue was begun whose jobs are meant (ms). */
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  /** The tenure of the writer: of two that overlap, the later one's counts. */
  readonly tenure: number;
  /** 0 as written, one more each time files were made into one. */
  readonly level: number;
}

/** A file of the archive. */
export interface ArchiveFile extends FileFacts {
  readonly directory: string;
  readonly accountId: string | null;
  /** Of receipt, in UTC. */
  readonly date: string;
  /** Directory and name. */
  readonly path: string;
  readonly bytes: number;
}

const number = (value: number): string => String(value).padStart(12, '0');

export function fileName({ epoch, from, to, tenure, level }: FileFacts): string {
  return `${epoch}-${number(from)}-${number(to)}-t${tenure}-l${level}.parquet`;
}

const FOLDER = String.raw`(?<directory>account_id=(?<account>[^/]+)/date=(?<date>\d{4}-\d\d-\d\d))`;
const FACTS = String.raw`(?<epoch>\d+)-(?<from>\d+)-(?<to>\d+)-t(?<tenure>\d+)-l(?<level>\d+)`;
const NAME = new RegExp(String.raw`^${FOLDER}/${FACTS}\.parquet$`);

/** What a path below the archive's root is; null for what is no file of the archive. */
export function parseFile(path: string, bytes: number): ArchiveFile | null {
  const groups = NAME.exec(path)?.groups;
  if (groups === undefined) return null;
  const { directory = '', account = '', date = '' } = groups;
  const accountId = accountNamed(account);
  if (accountId === undefined) return null;
  const fact = (name: keyof FileFacts): number => Number(groups[name]);
  const [epoch, from, to, tenure, level] = [fact('epoch'), fact('from'), fact('to'), fact('tenure'), fact('level')];
  return { directory, accountId, date, path, bytes, epoch, from, to, tenure, level };
}

/** The account of a folder's name; undefined for what is no name. */
function accountNamed(name: string): string | null | undefined {
  try {
    return name === NO_VALUE ? null : decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

export interface Sifted {
  /** In order of epoch and jobs; no two of a folder hold the same job. */
  readonly live: readonly ArchiveFile[];
  /** What a crash, or a writer that was overtaken, has left behind: its rows are in others. */
  readonly dead: readonly ArchiveFile[];
}

/**
 * Which files count. Those that were made into one are dead once the one is there, though nobody has removed them yet; and
 * so is what a writer published that had lost the queue meanwhile, since its successor began anew where it had begun.
 */
export function sift(files: readonly ArchiveFile[]): Sifted {
  const ranked = [...files].sort(
    (a, b) => b.tenure - a.tenure || b.level - a.level || a.from - b.from || b.to - a.to || (a.path < b.path ? -1 : 1),
  );
  const live: ArchiveFile[] = [];
  const dead: ArchiveFile[] = [];
  const taken = new Map<string, ArchiveFile[]>();
  for (const file of ranked) {
    const key = `${file.directory} ${file.epoch}`;
    const others = taken.get(key) ?? [];
    if (others.some((other) => file.from <= other.to && other.from <= file.to)) dead.push(file);
    else {
      live.push(file);
      taken.set(key, [...others, file]);
    }
  }
  return { live: live.sort(inOrder), dead };
}

function inOrder(a: ArchiveFile, b: ArchiveFile): number {
  return a.epoch - b.epoch || a.from - b.from || (a.path < b.path ? -1 : 1);
}

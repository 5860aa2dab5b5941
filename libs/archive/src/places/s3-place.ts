import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import type { ArchivePlace, Stored } from './place.js';

/** How long the store may take to take a connection, and to say something (ms); it is tried again by whoever asked. */
const PATIENCE = { connectionTimeout: 3_000, requestTimeout: 60_000 };

/** An archive in a bucket of S3, or of a store that speaks its language. Credentials come as the vendor's SDK finds them. */
export class S3Place implements ArchivePlace {
  readonly workFolder: string;
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly prefix: string;

  /** `endpoint`: the address of the store, where it is not Amazon's. */
  constructor(
    readonly address: string,
    endpoint: string | null,
  ) {
    const url = new URL(address);
    this.bucket = url.hostname;
    this.prefix = decodeURIComponent(url.pathname).replace(/^\//, '').replace(/\/?$/, '/').replace(/^\/$/, '');
    const mark = createHash('sha256').update(address).digest('hex').slice(0, 12);
    this.workFolder = join(tmpdir(), `livemeter-archive-${mark}`);
    const elsewhere: S3ClientConfig = endpoint === null ? {} : { endpoint, forcePathStyle: true };
    this.client = new S3Client({
      region: process.env['AWS_REGION'] ?? 'us-east-1',
      maxAttempts: 2,
      requestHandler: PATIENCE,
      // Other stores than Amazon's often know no checksums that trail.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...elsewhere,
    });
  }

  async list(folder: string): Promise<readonly Stored[]> {
    const found: Stored[] = [];
    const Prefix = this.prefix + (folder === '' ? '' : `${folder}/`);
    let token: string | undefined;
    do {
      const more = token === undefined ? {} : { ContinuationToken: token };
      const page = await this.client.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix, ...more }));
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        found.push({ path: Key.slice(this.prefix.length), bytes: Size });
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  }

  async put(path: string, localFile: string): Promise<void> {
    const { size } = await stat(localFile);
    const object = { Bucket: this.bucket, Key: this.prefix + path, ContentLength: size };
    await this.client.send(new PutObjectCommand({ ...object, Body: createReadStream(localFile) }));
    await rm(localFile, { force: true });
  }

  async remove(path: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: this.prefix + path }));
  }

  /** What was fetched is kept in the work folder. */
  async fetch(wanted: readonly Stored[]): Promise<readonly string[]> {
    const files: string[] = [];
    for (const { path, bytes } of wanted) {
      const file = join(this.workFolder, 'fetched', this.bucket, this.prefix, path);
      files.push(file);
      // A file of the archive never changes under its name.
      if ((await stat(file).catch(() => null))?.size === bytes) continue;
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: this.prefix + path }));
      await mkdir(dirname(file), { recursive: true });
      // Others may fetch the same file meanwhile.
      const part = `${file}.${randomUUID()}.part`;
      await pipeline(Body as Readable, createWriteStream(part));
      await rename(part, file);
    }
    return files;
  }
}

import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { FetchContext } from "./nats-fetch.ts";
import { intoCache } from "./nats-fetch.ts";
import { cachedServerPath, type NatsServer } from "./nats-lookup.ts";
import { runCommand } from "./run-command.ts";

const releaseTableSchema = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  baseUrl: z.url(),
  /** Key: Node's platform and architecture, such as `linux-x64`. */
  archives: z.record(z.string(), z.strictObject({ folder: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});

/** The one release whose checksums we ship; a platform that is not in it is refused. */
export type ReleaseTable = z.infer<typeof releaseTableSchema>;

const DOWNLOAD_TIMEOUT_MS = 300_000;
const UNPACK_TIMEOUT_MS = 60_000;
const ARCHIVE_BYTES_MAX = 64 * 1024 * 1024;

export function readReleaseTable(file: string): ReleaseTable {
  return releaseTableSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

/**
 * Downloads the release for this platform and uses it only when its SHA-256 is the one in the table. Throws, with
 * nothing left in the cache, when the platform has no checksum, the download fails or the checksum differs.
 */
export async function fetchRelease(
  { cacheFolder, log }: FetchContext,
  table: ReleaseTable,
  platform: string = `${process.platform}-${process.arch}`,
): Promise<NatsServer> {
  const archive = table.archives[platform];
  if (archive === undefined)
    throw new Error(`no checksum of nats-server ${table.version} is known for ${platform}; not downloaded`);
  const url = `${table.baseUrl}/v${table.version}/${archive.folder}.tar.gz`;
  log(`downloading nats-server ${table.version}`);
  const bytes = await download(url);
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (actual !== archive.sha256)
    throw new Error(`checksum of ${url} is ${actual}, expected ${archive.sha256}; thrown away`);
  const path = cachedServerPath(cacheFolder, table.version);
  await intoCache(path, (draft) => unpack({ bytes, draft, folder: archive.folder }));
  return { path, version: table.version, source: "release" };
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) }).catch((cause: unknown) => {
    throw new Error(`${url} cannot be reached`, { cause });
  });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > ARCHIVE_BYTES_MAX) throw new Error(`${url} is larger than ${ARCHIVE_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function unpack({ bytes, draft, folder }: { bytes: Buffer; draft: string; folder: string }): Promise<void> {
  const file = join(draft, "archive.tar.gz");
  writeFileSync(file, bytes);
  const args = ["-xzf", file, "-C", draft, `${folder}/nats-server`];
  const { code, output } = await runCommand("tar", args, { timeoutMs: UNPACK_TIMEOUT_MS });
  if (code !== 0) throw new Error(`tar ended with ${code ?? "a signal"}: ${output.trim()}`);
  renameSync(join(draft, folder, "nats-server"), join(draft, "nats-server"));
}

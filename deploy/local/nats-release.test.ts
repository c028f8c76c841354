import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cachedServerPath } from "./nats-lookup.ts";
import { fetchRelease, type ReleaseTable, readReleaseTable } from "./nats-release.ts";
import { temporaryFolder, writeVersionProgram } from "./nats-test-files.ts";

const VERSION = "2.15.0";
const FOLDER = `nats-server-v${VERSION}-test`;

async function serve(bytes: Buffer | undefined): Promise<{ baseUrl: string; [Symbol.asyncDispose](): Promise<void> }> {
  const server = createServer((request, response) => {
    const isArchive = request.url === `/v${VERSION}/${FOLDER}.tar.gz` && bytes !== undefined;
    response.writeHead(isArchive ? 200 : 404).end(isArchive ? bytes : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function archive(folder: string): Buffer {
  writeVersionProgram(join(folder, FOLDER, "nats-server"), VERSION);
  execFileSync("tar", ["-czf", join(folder, "release.tar.gz"), "-C", folder, FOLDER]);
  return readFileSync(join(folder, "release.tar.gz"));
}

function table(baseUrl: string, sha256: string): ReleaseTable {
  return { version: VERSION, baseUrl, archives: { "test-x64": { folder: FOLDER, sha256 } } };
}

function context(folder: string): Parameters<typeof fetchRelease>[0] {
  return { cacheFolder: join(folder, "cache"), env: {}, log: () => {} };
}

test("fetchRelease: the checksum of the table -> the server is in the cache and nothing else", async () => {
  using folder = temporaryFolder();
  const bytes = archive(folder.path);
  await using server = await serve(bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const found = await fetchRelease(context(folder.path), table(server.baseUrl, sha256), "test-x64");
  expect(found).toEqual({
    path: cachedServerPath(join(folder.path, "cache"), VERSION),
    version: VERSION,
    source: "release",
  });
  expect(readdirSync(join(folder.path, "cache", "nats-server"))).toEqual([VERSION]);
});

test("fetchRelease: another checksum -> refused, nothing in the cache", async () => {
  using folder = temporaryFolder();
  await using server = await serve(archive(folder.path));
  const release = fetchRelease(context(folder.path), table(server.baseUrl, "0".repeat(64)), "test-x64");
  await expect(release).rejects.toThrow(/expected 0000/);
  expect(existsSync(join(folder.path, "cache"))).toBe(false);
});

test("fetchRelease: a platform without a checksum -> refused before any download", async () => {
  using folder = temporaryFolder();
  const release = fetchRelease(context(folder.path), table("http://127.0.0.1:9", "0".repeat(64)), "test-riscv");
  await expect(release).rejects.toThrow(/no checksum .* is known for test-riscv/);
});

test("fetchRelease: a file that is not there -> its address and status", async () => {
  using folder = temporaryFolder();
  await using server = await serve(undefined);
  const release = fetchRelease(context(folder.path), table(server.baseUrl, "0".repeat(64)), "test-x64");
  await expect(release).rejects.toThrow(/answered 404/);
});

test("nats-releases.json -> fits its schema", () => {
  const shipped = readReleaseTable(join(import.meta.dirname, "nats-releases.json"));
  expect(Object.keys(shipped.archives)).toContain("linux-x64");
});

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigner, generateKeyPair } from "@countersign/ids/ed25519";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CommandError } from "../exit-codes.ts";
import { MARK, serverThat } from "../testing/api-that-says.ts";
import { chain, signed, signer } from "../testing/exported-log.ts";
import { auditExport } from "./export.ts";
import { readFolder } from "./read-folder.ts";

let folder: ReturnType<typeof tempDir>;
let log: string;
beforeEach(() => {
  folder = tempDir("countersign-export-");
  log = join(folder.path, "log");
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

interface Shown {
  /** What the head is signed over, and what the pages show; absent: the same. */
  readonly signs: readonly string[];
  readonly shows?: readonly string[];
  readonly by?: typeof signer;
  /** So many requests are told to come again before each page. */
  readonly busy?: number;
}

/** An admin API that has these records. Answers how often it was asked for a page. */
async function exported({ signs, shows = signs, by = signer, busy = 0 }: Shown): Promise<[number, string, number]> {
  let pages = 0;
  const { server, url } = await serverThat((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", url);
    const say = (status: number, body: object) => response.writeHead(status, MARK).end(JSON.stringify(body));
    if (pathname.endsWith("/head")) return say(200, signed(signs, by));
    pages += 1;
    if (pages % (busy + 1) !== 0) return say(429, { code: "RATE_LIMITED", facts: { retryAfterMs: 1 } });
    const after = Number(searchParams.get("after"));
    const records = shows.slice(after, after + Math.min(90, Number(searchParams.get("limit"))));
    say(200, { records: records.map((text) => ({ record: JSON.parse(text) })) });
  });
  const settings = { admin: url, operatorToken: "t", nats: undefined };
  try {
    return [await auditExport({ settings, words: ["export", log], flags: {} }), "", pages];
  } catch (error) {
    return error instanceof CommandError ? [error.exitCode, error.message, pages] : [-1, String(error), pages];
  } finally {
    server.close();
  }
}

const held = () => {
  const read = readFolder(log);
  return typeof read === "string" ? read : [read.head.size, read.findings];
};

test("page by page, told to come again before each of them -> whole all the same", async () => {
  expect(await exported({ signs: chain(300), busy: 2 })).toEqual([0, "", 12]);
  expect(held()).toEqual([300, []]);
  expect(await exported({ signs: chain(310) })).toEqual([0, "", 1]);
  expect(await exported({ signs: chain(310) })).toEqual([0, "", 0]);
  expect(held()).toEqual([310, []]);
});

test("told to come again without an end -> exit code 1, and the folder is as it was", async () => {
  await exported({ signs: chain(10) });
  expect(await exported({ signs: chain(20), busy: 1_000 })).toEqual([1, expect.stringContaining("RATE_LIMITED"), 60]);
  expect(held()).toEqual([10, []]);
});

const another = chain(300, (body, seq) => (seq === 5 ? { changed: true } : body));

test.each<[string, Shown, string]>([
  ["has fewer records than the folder", { signs: chain(200) }, "holds 250 records, and the system has 200"],
  ["has another past", { signs: another }, "record 251 does not name the hash"],
  ["signs another past than it shows", { signs: another, shows: chain(300) }, "are not those that the system signed"],
  ["shows fewer than it signs", { signs: chain(300), shows: chain(280) }, "does not show record 281"],
  [
    "shows one twice",
    { signs: chain(300), shows: [...chain(251), ...chain(251).slice(250)] },
    "says that it is record",
  ],
])("a system that %s -> exit code 5, and the head in the folder stays", async (_what, shown, words) => {
  await exported({ signs: chain(250) });
  expect(await exported(shown)).toEqual([5, expect.stringContaining(words), expect.any(Number)]);
  expect(held()).toEqual([250, []]);
});

test("a system with another key -> exit code 5, with both", async () => {
  await exported({ signs: chain(10) });
  const { privateKeyPem, publicKey } = generateKeyPair();
  const by = { ...signer, publicKey, sign: createSigner(privateKeyPem) };
  expect(await exported({ signs: chain(20), by })).toEqual([5, expect.stringContaining("the record now is by"), 0]);
});

test("what an export that broke off at its beginning left is begun anew; anything else is not touched", async () => {
  mkdirSync(join(log, "tile/entries"), { recursive: true });
  writeFileSync(join(log, "tile/entries/000"), "half");
  expect((await exported({ signs: chain(300) }))[0]).toBe(0);
  expect(held()).toEqual([300, []]);
  log = join(folder.path, "other");
  mkdirSync(log);
  writeFileSync(join(log, "letter"), "dear");
  expect(await exported({ signs: chain(3) })).toEqual([2, expect.stringContaining("holds something else"), 0]);
  expect(readdirSync(log)).toEqual(["letter"]);
});

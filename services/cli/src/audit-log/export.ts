import { mkdirSync, readdirSync } from "node:fs";
import { createSystemClock } from "@countersign/clock/clock";
import type { AuditRecord } from "@countersign/contracts/audit";
import { canonicalJson } from "@countersign/ids/hash";
import { chainFaults, GENESIS_HASH, type Head, unseal } from "@countersign/tlog/audit-chain";
import { call, Refused } from "../admin-client.ts";
import { type CommandInput, needed, show } from "../commands.ts";
import { CommandError, EXIT, type ExitCode } from "../exit-codes.ts";
import { fileError } from "../files.ts";
import type { Settings } from "../settings.ts";
import { type ExportedLog, HEAD_FILE, headIn, KEY_FILE, readFolder } from "./read-folder.ts";
import { FolderWriter } from "./write-folder.ts";

const clock = createSystemClock();
const PAGE = 200;
/** Of one page, when its operator asks for something else at the same time. */
const TRIES_MAX = 60;
const START: Head = { seq: 0, hash: GENESIS_HASH };
/** What an export puts into its folder: one that broke off before its head is begun anew. */
const OWN: readonly string[] = ["tile", KEY_FILE, `${KEY_FILE}.new`, `${HEAD_FILE}.new`];

interface Signed {
  readonly note: string;
  readonly verifierKey: string;
}

/**
 * The whole record as files that anybody can verify, or what came since the last export into the same folder. What is there
 * must be the beginning of what the system has now: a record that was changed, or lost, is found here and nothing is written.
 */
export async function auditExport(input: CommandInput): Promise<ExitCode> {
  const folder = needed(input.words[1], "the folder to export to");
  const before = readBefore(folder);
  const signed: Signed = await call(input.settings, "POST", "/api/v1/audit/head");
  const head = headIn(signed.note, signed.verifierKey);
  if (typeof head === "string") fail(head);
  if (before !== undefined && before.verifierKey !== signed.verifierKey)
    fail(`${folder} was signed by ${before.verifierKey}, the record now is by ${signed.verifierKey}`);
  const had = before?.head.size ?? 0;
  if (had > head.size) fail(`${folder} holds ${had} records, and the system has ${head.size}`);
  const writer = new FolderWriter(folder, before);
  for await (const text of recordsOf(input.settings, before?.last ?? START, head.size)) writer.add(text);
  if (writer.root() !== head.root)
    fail(`the ${head.size} records are not those that the system signed: the head in ${folder} stays as it was`);
  writer.end(signed);
  const told = { folder, size: head.size, added: head.size - had, root: head.root, verifierKey: signed.verifierKey };
  show(
    input,
    told,
    `${head.size} records in ${folder}, ${told.added} of them new\nroot ${head.root}\nkey  ${signed.verifierKey}`,
  );
  return EXIT.ok;
}

function fail(why: string): never {
  throw new CommandError(EXIT.verificationFailed, why);
}

/** What an earlier export left; undefined: nothing is there. */
function readBefore(folder: string): ExportedLog | undefined {
  const names = namesIn(folder);
  if (names.every((name) => OWN.includes(name))) return undefined;
  if (!names.includes(HEAD_FILE))
    throw new CommandError(EXIT.usage, `${folder} holds something else: an export takes an empty folder, or its own`);
  const log = readFolder(folder);
  if (typeof log === "string") fail(log);
  if (log.findings.length > 0) fail(`${folder} does not verify: ${log.findings[0]}`);
  return log;
}

/** The records after this one, as the bytes over which they are hashed; each is the next of its chain. */
async function* recordsOf(settings: Settings, before: Head, size: number): AsyncGenerator<string> {
  for (let last = before; last.seq < size; ) {
    const path = `/api/v1/audit?after=${last.seq}&limit=${Math.min(PAGE, size - last.seq)}`;
    const page: { records: { record: AuditRecord }[] } = await patiently(() => call(settings, "GET", path));
    if (page.records.length === 0) fail(`the system does not show record ${last.seq + 1}`);
    for (const { record } of page.records) {
      const sealed = unseal(canonicalJson(record));
      const [fault] = sealed === undefined ? ["is no audit record"] : chainFaults(sealed, last);
      if (sealed === undefined || fault !== undefined) fail(`record ${last.seq + 1} ${fault}`);
      yield sealed.text;
      last = sealed;
    }
  }
}

/** A long record is more pages than one operator may ask for in a second: told to come again, it does. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Refused) || error.retryAfterMs === undefined || tries === TRIES_MAX) throw error;
      await clock.sleep(error.retryAfterMs);
    }
  }
}

/** Makes the folder where there is none. */
function namesIn(folder: string): string[] {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readdirSync(folder);
  } catch (error) {
    throw fileError(EXIT.usage, folder, error);
  }
}

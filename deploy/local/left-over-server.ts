import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processIdentity, processProgram } from "./process-identity.mjs";

interface ServerRecord {
  readonly pid: number;
  readonly identity: string;
}

const TERM_GRACE_MS = 5_000;
const KILL_GRACE_MS = 5_000;
const POLL_MS = 20;

/** Writes down which process serves this folder, so that a later start can tell it from a stranger with its pid. */
export function recordServer(file: string, pid: number): void {
  const identity = processIdentity(pid);
  if (identity === undefined) throw new Error(`process ${pid} has ended before it could be recorded`);
  writeFileSync(file, `${JSON.stringify({ pid, identity })}\n`, { mode: 0o600 });
}

/**
 * Ends the server that a killed parent left behind. Only a process with the recorded pid AND start time AND a
 * nats-server's name is touched; a record that cannot be read names nobody. Returns the pid it ended, if any.
 */
export async function reapLeftOver(file: string): Promise<number | undefined> {
  const record = readRecord(file);
  if (record === undefined || !isOurs(record)) {
    rmSync(file, { force: true });
    return undefined;
  }
  process.kill(record.pid, "SIGTERM");
  if (!(await hasEnded(record, TERM_GRACE_MS))) {
    process.kill(record.pid, "SIGKILL");
    if (!(await hasEnded(record, KILL_GRACE_MS))) throw new Error(`process ${record.pid} cannot be ended`);
  }
  rmSync(file, { force: true });
  return record.pid;
}

function readRecord(file: string): ServerRecord | undefined {
  try {
    const { pid, identity } = JSON.parse(readFileSync(file, "utf8")) as Partial<ServerRecord>;
    const isRecord = Number.isInteger(pid) && Number(pid) > 0 && typeof identity === "string" && identity !== "";
    return isRecord ? { pid: Number(pid), identity } : undefined;
  } catch {
    return undefined;
  }
}

function isOurs({ pid, identity }: ServerRecord): boolean {
  const program = processProgram(pid);
  return processIdentity(pid) === identity && program !== undefined && basename(program).includes("nats-server");
}

async function hasEnded({ pid, identity }: ServerRecord, withinMs: number): Promise<boolean> {
  const endAt = performance.now() + withinMs;
  while (processIdentity(pid) === identity) {
    if (performance.now() >= endAt) return false;
    await sleep(POLL_MS);
  }
  return true;
}

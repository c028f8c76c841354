// Plain JavaScript: the bootstrap uses it before a Node that runs TypeScript is there.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { processIdentity } from "./process-identity.mjs";

const POLL_MS = 100;

/** Somebody else holds the lock. `ownerPid` is `undefined` when the lock's content cannot be read. */
export class LockHeldError extends Error {
  constructor(path, ownerPid) {
    super(`${path} is held by ${ownerPid === undefined ? "an unknown process" : `process ${ownerPid}`}`);
    this.name = "LockHeldError";
    this.path = path;
    this.ownerPid = ownerPid;
  }
}

/**
 * Takes the lock folder `path` at once or throws LockHeldError. The folder appears with its owner's name in it in one
 * rename, and a lock whose owner has died is cleared, so a killed process never locks anybody out.
 */
export function tryLockFolder(path) {
  const token = randomBytes(8).toString("hex");
  const mine = { pid: process.pid, identity: processIdentity(process.pid), token };
  mkdirSync(dirname(path), { recursive: true });
  for (let attempt = 0; attempt < 3; attempt++) {
    if (createWithOwner(path, mine)) return { release: () => release(path, token) };
    clearIfOwnerDied(path);
  }
  throw new LockHeldError(path, readOwner(path)?.pid);
}

/** Waits up to `timeoutMs` for the lock; calls `onWait` once, with the owner's pid, when it has to wait. */
export async function lockFolder(path, { timeoutMs, onWait }) {
  const endAt = performance.now() + timeoutMs;
  let waited = false;
  for (;;) {
    try {
      return tryLockFolder(path);
    } catch (error) {
      if (!(error instanceof LockHeldError) || performance.now() >= endAt) throw error;
      if (!waited) onWait?.(error.ownerPid);
      waited = true;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

function createWithOwner(path, owner) {
  const draft = `${path}.${owner.token}`;
  mkdirSync(draft);
  writeFileSync(join(draft, "owner.json"), JSON.stringify(owner));
  try {
    renameSync(draft, path);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (error.code === "ENOTEMPTY" || error.code === "EEXIST") return false;
    throw error;
  }
}

/** Of all who see one dead owner, the one that makes the mark with that owner's token clears the folder. */
function clearIfOwnerDied(path) {
  const owner = readOwner(path);
  if (owner === undefined || processIdentity(owner.pid) === owner.identity) return;
  const mark = join(path, `clearing-${owner.token}`);
  try {
    mkdirSync(mark);
  } catch {
    return;
  }
  if (readOwner(path)?.token !== owner.token) {
    rmSync(mark, { recursive: true, force: true });
    return;
  }
  remove(path, owner.token);
}

function release(path, token) {
  if (readOwner(path)?.token === token) remove(path, token);
}

/** Away in one rename: while a folder is emptied in place, the next owner's could be renamed onto it. */
function remove(path, token) {
  const gone = `${path}.${token}.gone`;
  renameSync(path, gone);
  rmSync(gone, { recursive: true, force: true });
}

function readOwner(path) {
  try {
    return JSON.parse(readFileSync(join(path, "owner.json"), "utf8"));
  } catch {
    return undefined;
  }
}

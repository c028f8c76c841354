import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LockHeldError, lockFolder, tryLockFolder } from "./folder-lock.mjs";
import { temporaryFolder } from "./nats-test-files.ts";
import { processIdentity } from "./process-identity.mjs";

function writeOwner(path: string, owner: { pid: number; identity: string | undefined }): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "owner.json"), JSON.stringify({ ...owner, token: "theirs" }));
}

test("tryLockFolder: held by a living process -> LockHeldError with its pid", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "lock");
  const lock = tryLockFolder(path);
  expect(() => tryLockFolder(path)).toThrow(LockHeldError);
  expect(() => tryLockFolder(path)).toThrow(String(process.pid));
  lock.release();
  expect(existsSync(path)).toBe(false);
});

test("tryLockFolder: the owner has died -> taken over", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "lock");
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  writeOwner(path, { pid, identity: processIdentity(pid) });
  expect(() => tryLockFolder(path)).toThrow(LockHeldError);
  child.kill("SIGKILL");
  await once(child, "exit");
  tryLockFolder(path).release();
});

test("tryLockFolder: the owner's pid now belongs to another process -> taken over", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "lock");
  writeOwner(path, { pid: process.pid, identity: "another start" });
  tryLockFolder(path).release();
});

test("release: a lock that somebody else has taken by now -> stays", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "lock");
  const lock = tryLockFolder(path);
  writeOwner(path, { pid: process.pid, identity: processIdentity(process.pid) });
  lock.release();
  expect(existsSync(path)).toBe(true);
});

test("lockFolder: waits until the lock is given back", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "lock");
  const first = tryLockFolder(path);
  const waitedFor: (number | undefined)[] = [];
  const second = lockFolder(path, { timeoutMs: 5_000, onWait: (pid) => waitedFor.push(pid) });
  first.release();
  (await second).release();
  expect(waitedFor).toEqual([process.pid]);
});

test("lockFolder: not given back in time -> LockHeldError", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "lock");
  const lock = tryLockFolder(path);
  await expect(lockFolder(path, { timeoutMs: 0 })).rejects.toThrow(LockHeldError);
  lock.release();
});

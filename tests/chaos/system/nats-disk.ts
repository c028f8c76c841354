import { spawnSync } from "node:child_process";
import { appendFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { NatsHost } from "./nats-host.ts";

/** Why the disk of nats-server cannot be filled here; undefined when it can. */
export function whyNoFullDisk(): string | undefined {
  const tried = spawnSync("prlimit", ["--pid", String(process.pid), "--fsize"], { encoding: "utf8" });
  return tried.status === 0
    ? undefined
    : "prlimit (util-linux) is not here: the limit on files of a running process cannot be moved";
}

/** From now on nats-server cannot make any file longer (EFBIG), or it can again. Only the soft limit moves: no rights are needed. */
export function setDiskFull(nats: NatsHost, full: boolean): void {
  const limit = full ? "--fsize=0:" : "--fsize=unlimited:";
  const done = spawnSync("prlimit", ["--pid", String(nats.pid), limit], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`prlimit: ${done.stderr}`);
}

/**
 * The power goes and comes back: the disk as it stood at one instant, without what nats-server writes and does not sync (its
 * index files), and with the beginning of a record behind the last one, as a write that was under way leaves it.
 */
export async function powerCut(nats: NatsHost, imageFolder: string, downMs = 300): Promise<void> {
  // It must not acknowledge anything after the image was made: not for one instant does it go on.
  await nats.freezeAndCopy(imageFolder);
  await nats.kill();
  tear(imageFolder);
  nats.restore(imageFolder);
  await sleep(downMs);
  await nats.start();
}

/** The head of a record that says it is longer than what follows. */
const TORN = Buffer.from("f0000000ffffff7f000000000000000000112233445566", "hex");

function tear(folder: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.filter((one) => basename(one) === "index.db")) rmSync(path);
  const blocks = paths.filter((one) => one.endsWith(".blk"));
  const lastOf = new Map<string, string>();
  for (const block of blocks.sort((left, right) => numberOf(left) - numberOf(right)))
    lastOf.set(join(block, ".."), block);
  for (const block of lastOf.values()) appendFileSync(block, TORN);
}

const numberOf = (block: string): number => Number(basename(block, ".blk"));

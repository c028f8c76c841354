import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { replaceDurably, syncFolder } from "./durable-file.ts";

/**
 * The local latch: a file beside the gateway. While it is there nothing is sent, whatever NATS says or does not say. Its
 * presence alone stops; what stands in it only says why and who may take it away.
 */
export const KillLatch = z.strictObject({
  type: z.literal("countersign.kill-latch/1"),
  id: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
  source: z
    .enum(["control", "command", "signal"])
    .describe(
      "control: the gateway saw HALTED and lets go when a person loosens; the others need a reset of their trip",
    ),
  sequence: z.int().min(0).describe("Of the control stream when the gateway latched; 0: it was not asked"),
  by: z.string().max(200),
  reason: z.string().min(1).max(500),
  cancelOrders: z.enum(["own", "all"]).nullable(),
  at: z.string().regex(/^[0-9-]{10}T[0-9:.]{12}Z$/),
});
export type KillLatch = z.infer<typeof KillLatch>;

/** Where the gateway of this data folder looks. */
export function latchFileIn(dataDir: string): string {
  return join(dataDir, "broker-gateway", "kill-latch.json");
}

/**
 * Why a stop file stops; undefined: it is not there. A file that cannot be looked at, or a folder that is gone, stops too.
 * Synchronous, so that it can be asked in the step that writes to the socket.
 */
export function stopFileReason(file: string): string | undefined {
  try {
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return `${file} is there`;
    return statSync(dirname(file), { throwIfNoEntry: false }) === undefined ? `${dirname(file)} is gone` : undefined;
  } catch (error) {
    return `${file} cannot be looked at: ${error instanceof Error ? error.message : error}`;
  }
}

/** Undefined: there is none. A latch that cannot be read counts as a command's, under an id of its own. */
export function readLatch(file: string): KillLatch | undefined {
  if (stopFileReason(file) === undefined) return undefined;
  try {
    return KillLatch.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return unreadable(file);
  }
}

/** On the disk before it returns. It takes the place of one that is there. */
export function writeLatch(file: string, latch: KillLatch): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  replaceDurably(file, `${JSON.stringify(latch, null, 2)}\n`, `${file}.${latch.id}.new`);
}

/** Part of a reset, and of nothing else. */
export function removeLatch(file: string): void {
  rmSync(file, { force: true, recursive: true });
  syncFolder(dirname(file));
}

function unreadable(file: string): KillLatch {
  const stamp = stampOf(file);
  return {
    type: "countersign.kill-latch/1",
    id: `unreadable-${stamp}`,
    source: "command",
    sequence: 0,
    by: "unknown",
    reason: "the latch cannot be read",
    cancelOrders: null,
    at: "1970-01-01T00:00:00.000Z",
  };
}

function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${Math.round(mtimeMs)}-${size}-${ino}`;
  } catch {
    return "0";
  }
}

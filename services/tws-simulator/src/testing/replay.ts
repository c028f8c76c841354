import { connect } from "node:net";
import type { ManualClock } from "@countersign/clock/manual-clock";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { AccountScrubber } from "@countersign/wire-record/account-scrubber";
import { recordBytes, type WireRecord } from "@countersign/wire-record/recording";
import { WireTap } from "@countersign/wire-record/wire-tap";

/** Longer than an answer over the loopback takes. */
const ANSWER_MS = 50;

/**
 * Plays the client of one recorded connection against a server whose clock is manual: at each recorded instant it sends
 * what the client sent, and waits until the server has said as much as it said then. Returns what was on the wire.
 */
export async function replay(
  records: readonly WireRecord[],
  server: { port: number; clock: ManualClock },
): Promise<WireRecord[]> {
  const seen: WireRecord[] = [];
  const { clock } = server;
  const tap = new WireTap({
    connection: records[0]?.connection ?? 1,
    nowMs: () => clock.nowMs(),
    scrubber: new AccountScrubber(),
    write: (record) => seen.push(record),
  });
  const socket = connect(server.port, "127.0.0.1");
  socket.on("data", (chunk) => tap.fromServer(chunk));
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  for (const [index, record] of records.entries()) {
    const aheadMs = Date.parse(record.at) - clock.nowMs();
    if (aheadMs > 0) await clock.advance(aheadMs);
    if (!("closed" in record) && record.from === "client") {
      const bytes = recordBytes(record);
      tap.fromClient(bytes);
      socket.write(bytes);
    } else if (!("closed" in record) && !(await until(() => seen.length > index, ANSWER_MS))) {
      // What the server does by itself at this very instant waits for its clock.
      await clock.advance(0);
      await until(() => seen.length > index, PATIENCE_MS);
    }
  }
  socket.destroy();
  tap.close();
  return seen;
}

async function until(condition: () => boolean, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
  return condition();
}

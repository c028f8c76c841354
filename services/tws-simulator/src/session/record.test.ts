import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ManualClock } from "@countersign/clock/manual-clock";
import { tempDir } from "@countersign/testing/temp-dir";
import { parseRecording, type WireRecord } from "@countersign/wire-record/recording";
import { EventName } from "@stoqey/ib";
import { afterEach, expect, test } from "vitest";
import { replay } from "../testing/replay.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const START_MS = Date.UTC(2027, 0, 4, 15, 0, 0);
const folder = tempDir("simulator-record-");
const running: TestSimulator[] = [];

afterEach(() => {
  for (const simulator of running.splice(0)) simulator.stop();
});

async function start(accounts: string[], record?: string) {
  const clock = new ManualClock(START_MS);
  const simulator = await TestSimulator.start({ clock, advance: (ms) => clock.advance(ms), accounts, record });
  running.push(simulator);
  return { clock, simulator, port: simulator.port };
}

/** One client: contract, quotes for two seconds, an order that fills, one that is cancelled, what the account has then. */
async function session(file: string): Promise<WireRecord[]> {
  const { clock, simulator } = await start(["DU7654321", "DU1234567"], file);
  const client = await simulator.library(7);
  client.api.reqContractDetails(1, { ...AAPL, symbol: "AAPL", secType: "STK" as never });
  await client.waitFor(EventName.contractDetailsEnd);
  client.api.reqMktData(2, AAPL, "", false, false);
  await client.waitFor(EventName.tickPrice);
  await clock.advance(2_000);
  client.place(AAPL, { orderType: "MKT" as never, lmtPrice: undefined as never, orderRef: "r1" });
  const resting = client.place(AAPL, { lmtPrice: 1, tif: "GTC" });
  await client.waitFor(EventName.orderStatus, ([id]) => id === resting);
  await clock.advance(100);
  await client.waitFor(EventName.commissionReport);
  client.api.cancelOrder(resting);
  await client.waitFor(EventName.orderStatus, ([id, status]) => id === resting && status === "Cancelled");
  client.api.reqPositions();
  await client.waitFor(EventName.positionEnd);
  client.disconnect();
  await simulator.stopped();
  return parseRecording(readFileSync(file, "utf8"));
}

const tokens = (records: readonly WireRecord[], from: "client" | "server") =>
  records.flatMap((record) => ("tokens" in record && record.from === from ? [record.tokens.join("|")] : []));

test("a session is recorded in both directions without its accounts, and another simulator answers it word for word", async () => {
  const recorded = await session(join(folder.path, "session.jsonl"));
  const text = JSON.stringify(recorded);
  expect(text).not.toMatch(/DU7654321|DU1234567/);
  expect(tokens(recorded, "server")).toContain("15|1|DU0000001,DU0000002");
  expect(tokens(recorded, "client").some((frame) => frame.startsWith("3|"))).toBe(true);
  expect(recorded.at(-1)).toMatchObject({ closed: true });

  const again = await start(["DU0000001", "DU0000002"]);
  const replayed = await replay(recorded, again);
  expect(tokens(replayed, "server")).toEqual(tokens(recorded, "server"));
});

test("a recording that is there already is not written over: the start fails", async () => {
  const file = join(folder.path, "once.jsonl");
  (await start(["DU1234567"], file)).simulator.stop();
  await expect(start(["DU1234567"], file)).rejects.toThrow("--record");
});

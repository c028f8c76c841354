import { afterAll, beforeAll, expect, test } from "vitest";
import { REQUEST_NAMES } from "../codec/messages.ts";
import { createRng } from "../market/rng.ts";
import { TestSimulator } from "../testing/test-simulator.ts";

/** What a confused or hostile client may put where anything else belongs. */
const TOKENS = [
  ...["", "0", "1", "-1", "2", "5", "7", "265598", "2147483647", "9223372036854775807", "1.7976931348623157E308"],
  ...["1e308", "1e-7", "NaN", "Infinity", "0x10", "1,5", "99999999999999999999", "0.".padEnd(36, "3"), "-0.01", "100"],
  ...[
    "AAPL",
    "ASML",
    "STK",
    "CASH",
    "OPT",
    "BAG",
    "SMART",
    "IDEALPRO",
    "USD",
    "MKT",
    "LMT",
    "STP",
    "BUY",
    "SELL",
    "DAY",
  ],
  ...["IOC", "GTC", "DU1234567", "DU9", "All", "$LEDGER:ALL", "1 day", "1 min", "1 D", "99999 Y", "TRADES", "BID_ASK"],
  ...[
    "20261121-03:00:00",
    "20261399 99:99:99 Nowhere",
    "\u0001\u0002",
    "Zürich",
    "x".repeat(5000),
    "' OR 1=1 --",
    "PEG BEST",
  ],
];
const FRAMES = 3_000;
const START_API = 71;

let simulator: TestSimulator;
beforeAll(async () => {
  simulator = await TestSimulator.start();
});
afterAll(() => simulator.stop());

test(`${FRAMES} frames of nonsense on every message -> each is answered or ignored, and the session lives`, async () => {
  const draw = createRng(20261121);
  const client = simulator.raw();
  await client.start("v100..193", 3);
  const ids = [...REQUEST_NAMES.keys()].filter((id) => id !== START_API);
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const id = ids[draw(1, frame) % ids.length] ?? 1;
    const wanted = id === 3 ? 118 : 1 + (draw(2, frame) % 24);
    const tokens = Array.from(
      { length: wanted - 1 },
      (_, index) => TOKENS[draw(3, frame * 128 + index) % TOKENS.length] ?? "",
    );
    client.send(id, ...tokens);
    if (frame % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const before = client.of("49").length;
  client.send(49, 1);
  await client.waitFor(() => client.of("49").length > before);
  const other = simulator.raw();
  expect(await other.start("v100..193", 4)).toBe(1);
});

test("a well-formed order with one nonsense token -> never an order that the client did not mean", async () => {
  const client = simulator.raw();
  const firstId = await client.start("v100..193", 5);
  const plain = Array.from({ length: 118 }, () => "");
  const set = {
    0: "3",
    2: "265598",
    9: "SMART",
    16: "BUY",
    17: "1",
    18: "LMT",
    19: "1",
    21: "GTC",
    23: "DU1234567",
    27: "1",
  };
  for (const [index, token] of Object.entries(set)) plain[Number(index)] = token;
  let id = firstId;
  for (let index = 2; index < 118; index += 1) {
    for (const token of ["NaN", "nonsense", "-1"]) {
      client.send(...plain.with(1, String(id)).with(index, token));
      id += 1;
    }
  }
  client.send(16, 1);
  await client.waitFor(() => client.of("53").length === 1);
  for (const order of client.of("5")) {
    expect([order[2], order[13], order[14], order[15], order[16]]).toEqual(["265598", "BUY", "1", "LMT", "1"]);
  }
  client.send(58, "", "2147483647");
  await client.waitFor(() => client.of("3").some((status) => status[2] === "Cancelled"));
});

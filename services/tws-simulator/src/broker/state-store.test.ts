import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator } from "@countersign/testing/simulator";
import { tempDir } from "@countersign/testing/temp-dir";
import { EventName, type OrderType } from "@stoqey/ib";
import { afterAll, describe, expect, test } from "vitest";
import { LibraryClient } from "../testing/library-client.ts";
import { AAPL } from "../testing/test-simulator.ts";
import { createFileStore } from "./state-store.ts";

const folder = tempDir("state-store-");
afterAll(() => folder.remove());
const counters = { nextPermId: 7, nextExecution: 3, accountDay: "20270104", highestOrderIds: { "1": 5 } };
const FILE = "tws-simulator-state.jsonl";

describe("the state file", () => {
  const open = (name: string) => createFileStore(join(folder.path, name), (state) => state);

  test("half a last line never happened; what stands before it is there", () => {
    const store = open("torn");
    store.load();
    store.append([{ kind: "counters", value: counters }]);
    store.close();
    appendFileSync(join(folder.path, "torn", FILE), '{"kind":"counters","val');
    expect(open("torn").load().counters).toEqual(counters);
  });

  test("a later record of the same thing takes the place of the earlier one, in a file that does not grow", () => {
    const store = open("again");
    store.load();
    for (let count = 0; count < 100; count += 1) {
      store.append([{ kind: "counters", value: { ...counters, nextPermId: count } }]);
    }
    store.close();
    expect(open("again").load().counters?.nextPermId).toBe(99);
    expect(readFileSync(join(folder.path, "again", FILE), "utf8").split("\n")).toHaveLength(2);
  });

  test.each([
    ["a line in the middle that is no JSON", "{\n{}\n", "line 1 of the state file cannot be read"],
    ["a record of another kind", '{"kind":"quote","value":{}}\n{}\n', "line 1 of the state file is of no kind"],
  ])("%s -> refused by line, and the file is as it was", (name, text, message) => {
    const file = join(folder.path, name, FILE);
    open(name).load();
    writeFileSync(file, text);
    expect(() => open(name).load()).toThrow(message);
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});

test("a killed process has lost nothing that it told: orders, ids, execution, position and cash", async () => {
  const args = ["--data-dir", join(folder.path, "killed"), "--calendar", "open"];
  const first = await startSimulator({ args });
  const before = await new LibraryClient(first.port, 3).connect(3);
  const filled = before.place(AAPL, { orderType: "MKT" as OrderType, lmtPrice: undefined as never, orderRef: "told" });
  await before.waitFor(EventName.commissionReport);
  const resting = before.place(AAPL, { lmtPrice: 1.5, tif: "GTC" as never, orderRef: "rests" });
  await before.waitFor(EventName.orderStatus, ([id, status]) => id === resting && status === "Submitted");
  await first.kill("SIGKILL");
  before.disconnect();

  const second = await startSimulator({ args });
  const after = await new LibraryClient(second.port, 3).connect(3);
  expect(after.nextId).toBe(resting + 1);
  expect(after.of(EventName.openOrder).map(({ args }) => args[2])).toMatchObject([
    { orderRef: "rests", lmtPrice: 1.5 },
  ]);
  after.api.reqExecutions(1, {});
  after.api.reqPositions();
  await after.waitFor(EventName.positionEnd);
  await after.waitFor(EventName.execDetailsEnd);
  const execution = (client: LibraryClient) => client.of(EventName.execDetails)[0]?.args[2];
  expect(execution(after)).toEqual(execution(before));
  expect(after.of(EventName.position)[0]?.args.slice(2)).toEqual([10, expect.any(Number)]);

  const next = after.place(AAPL, { orderType: "MKT" as OrderType, lmtPrice: undefined as never });
  await after.waitFor(EventName.commissionReport, () => true, 2);
  const [permIds, execIds] = [EventName.orderStatus, EventName.execDetails].map((name) =>
    [...before.of(name), ...after.of(name)].map(({ args }) =>
      name === EventName.orderStatus ? args[5] : (args[2] as { execId: string }).execId,
    ),
  );
  expect(new Set(permIds).size).toBe(3);
  expect(new Set(execIds).size).toBe(2);
  expect([filled, resting, next]).toEqual([1, 2, 3]);
  after.disconnect();
  await second.stop();
});

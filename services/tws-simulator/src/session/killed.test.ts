import { join } from "node:path";
import { startSimulator } from "@countersign/testing/simulator";
import { tempDir } from "@countersign/testing/temp-dir";
import { EventName, type OrderType } from "@stoqey/ib";
import { afterAll, expect, test } from "vitest";
import { LibraryClient } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const folder = tempDir("simulator-state-");
afterAll(() => folder.remove());

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

test.runIf(process.platform === "linux")(
  "a folder that a simulator has is refused to a second one until it stops",
  async () => {
    const dataDir = join(folder.path, "claimed");
    const first = await TestSimulator.start({ dataDir });
    await expect(TestSimulator.start({ dataDir })).rejects.toThrow("is in use by another simulator");
    first.stop();
    (await TestSimulator.start({ dataDir })).stop();
  },
);

import { ManualClock } from "@countersign/clock/manual-clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import { decimal, subtract, toText } from "@countersign/money/decimal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AAPL, ACCOUNT, World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";
import { HoldingsWatch } from "./holdings-watch.ts";

/** What the real simulator holds, against the real logs of the gateway; the time of the records stands still. */
let world: World;
const clock = new ManualClock(Date.parse("2026-03-02T10:00:00.000Z"));
beforeAll(async () => {
  world = await World.open();
  world.mode = "paper";
  await world.price("150");
  await world.startGateway();
}, 60_000);
afterAll(() => world?.close());

/** With the gateway's own orders, or as if it had none. */
function watch(options: { without?: true } = {}) {
  const { gateway } = world;
  if (gateway === undefined) throw new Error("no gateway");
  const records: Pick<AuditEntry, "kind" | "body">[] = [];
  const audit = { record: (entry: (typeof records)[number]) => void records.push(entry) };
  const table = options.without ? { list: () => [] } : gateway.table;
  const held = new HoldingsWatch({ ...gateway, mode: "paper", clock, table, audit });
  const looks = async (count: number) => {
    for (let look = 0; look < count; look += 1) await held.look();
    return records.map(({ body }) => body.accounts as never);
  };
  return { looks, records };
}

async function bought(): Promise<void> {
  const { approval, proposal } = await world.approved({ terms: { orderType: "LMT", limitPrice: "152" } });
  expect(await world.submit(approval)).toBe("sent");
  const order = () => world.gateway?.table.get(proposal)?.order;
  await eventually(
    () => (order()?.state === "FILLED" && order()?.commissions.size === order()?.executions.size) || undefined,
  );
}

test("one look is not enough, two that agree are recorded, once a day; a fill on record is no change, one that is not is", async () => {
  const { looks, records } = watch();
  const blind = watch({ without: true });
  expect(await looks(1)).toEqual([]);
  const [before] = await looks(2);
  expect(records).toMatchObject([{ kind: "reconciliation", body: { why: "holdings", mode: "paper" } }]);
  expect(await blind.looks(2)).toEqual([before]);
  await bought();
  expect(await looks(2)).toEqual([before]);
  const [was, now] = (await blind.looks(2)) as Record<string, { positions: object; cash: { USD: string } }>[];
  expect(now?.[ACCOUNT]?.positions).toEqual({ [AAPL]: "10" });
  const spent = subtract(decimal(was?.[ACCOUNT]?.cash.USD ?? "0"), decimal(now?.[ACCOUNT]?.cash.USD ?? "0"));
  expect(Number(toText(spent))).toBeGreaterThan(1_400);
  await clock.advance(24 * 3_600_000);
  const [, nextDay] = (await looks(2)) as (typeof was)[];
  expect(nextDay?.[ACCOUNT]?.positions).toEqual({});
  expect(Number(nextDay?.[ACCOUNT]?.cash.USD)).toBeCloseTo(Number(was?.[ACCOUNT]?.cash.USD), 2);
}, 20_000);

test("without a link nothing is compared and nothing is recorded", async () => {
  const { looks } = watch();
  await world.simulator.control("POST", "/faults", { action: "refuseConnections" });
  world.gateway?.link.drop("test");
  expect(await looks(3)).toEqual([]);
  await world.simulator.control("DELETE", "/faults");
});

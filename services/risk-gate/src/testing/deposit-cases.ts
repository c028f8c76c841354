import type { AccountMarks } from "@countersign/contracts/control";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import { ACCOUNT, AGENT, BUY, eventually, type World } from "../test-support.ts";

/** Looks often, and stops nothing by itself: the rules are what is looked at. */
const WATCH = {
  ...{ everyMs: 300, staleAfterMs: 30_000, reduceOnlyAfterMs: 300_000, sessionZone: "America/New_York" },
  flowPercentMin: "0.1",
  dailyLoss: { autoOffPercent: "50", reduceOnlyPercent: "60", haltPercent: "70" },
  drawdown: { reduceOnlyPercent: "50" },
};

/** Money that is paid in or taken out at the broker, of which TWS tells nobody; run where a world stands already. */
export function describeDeposits(world: () => World): void {
  const move = (amount: string) =>
    world().simulator.control("POST", "/faults", { action: "moveCash", account: ACCOUNT, amount });
  const marks = async (): Promise<AccountMarks | undefined> =>
    (await world().gate.readLast(FACTS.accountMarks, { account: ACCOUNT }))?.body;
  const marksWhen = (fits: (marks: AccountMarks) => boolean) =>
    eventually(async () => {
      const found = await marks();
      return found !== undefined && fits(found) ? found : undefined;
    });
  const lossOf = async (rule: string) => {
    const reply = await world().agents.request(RPCS.preview, { agent: AGENT, terms: BUY });
    if (reply.outcome !== "ok") throw new Error(reply.denial.code);
    return Number(reply.value.verdict.rules.find((one) => one.rule === rule)?.value ?? Number.NaN);
  };

  test("a deposit at the broker raises every mark by what it was, and is no profit; a withdrawal counts as a loss", async () => {
    await world().stopGate();
    await world().startGate({ watch: WATCH });
    // A look of this gate is on record: what comes now comes while it looks on.
    const first = await marks();
    await move("50000");
    const after = await marksWhen(({ deposit }) => deposit !== undefined && deposit.at !== first?.deposit?.at);
    expect(Number(after.deposit?.amount)).toBeGreaterThan(49_900);
    expect(Number(after.deposit?.amount)).toBeLessThan(50_100);
    const raised = (name: "highWaterMark" | "dayStart") => Number(after[name]) - Number(first?.[name]);
    expect(raised("dayStart")).toBeCloseTo(Number(after.deposit?.amount), 2);
    expect(raised("highWaterMark")).toBeGreaterThanOrEqual(Number(after.deposit?.amount) - 0.01);

    const before = await lossOf("drawdown");
    expect(before).toBeLessThan(0.2);
    await move("-2000");
    // 2,000 of about 150,000.
    const lost = await eventually(async () => {
      const found = await lossOf("drawdown");
      return found > before + 0.8 ? found : undefined;
    });
    expect(lost).toBeLessThan(before + 2);
    expect(Number((await marks())?.highWaterMark)).toBeGreaterThanOrEqual(Number(after.highWaterMark));
    expect(await lossOf("dailyLoss")).toBeGreaterThan(0.8);
    await world().stopGate();
    await world().startGate();
  });
}

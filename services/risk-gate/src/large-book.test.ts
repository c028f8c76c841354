import { Fault } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCOUNT, eventually, World } from "./test-support.ts";
import { largeBook, MADE_UP, WITHOUT_HISTORY } from "./testing/large-book.ts";

const COUNT = 1_000;
const folder = tempDir("countersign-large-book-");
let world: World;

beforeAll(async () => {
  world = await World.open({ ...largeBook(folder.path, COUNT), limits: WITHOUT_HISTORY });
});
afterAll(async () => {
  await world?.close();
  folder.remove();
});

const measured = (verdict: Verdict | null | undefined, rule: string) =>
  verdict?.rules.find((one) => one.rule === rule)?.value ?? null;

const orUndefined = (error: unknown) => {
  if (error instanceof Fault && ["TIMEOUT", "OUTCOME_UNKNOWN"].includes(error.code)) return undefined;
  throw error;
};

test("an account with 1,000 positions and 1,000 orders of others gets a verdict, and the next one sees what changed", async () => {
  let tries = 0;
  const { ticket, verdict } = await eventually(async () => {
    // A busy machine may need longer than a caller waits; the same key is then the same proposal.
    const view = await world.admitted(`large-${tries}`).catch(orUndefined);
    if (view?.state === "PENDING_APPROVAL") return view;
    if (view !== undefined) tries += 1;
    return undefined;
  });
  if (ticket === null) throw new Error("no ticket");
  expect(measured(verdict, "maxPositions")).toBe(String(COUNT + 1));

  const ask = async () => {
    const reply = await world.gateway.request(RPCS.verdict, { ticket, afterSequence: 0 });
    if (reply.outcome !== "ok") throw new Error(JSON.stringify(reply));
    return reply.value.verdict;
  };
  const before = await ask();
  expect(before.outcome).toBe("pass");
  const gross = Number(measured(before, "grossExposure"));
  const order = { account: ACCOUNT, conid: MADE_UP, side: "BUY", quantity: "1000", orderType: "MKT" };
  await world.simulator.control("POST", "/faults", { action: "orderByHand", ...order });
  const positions = await eventually(async () => {
    const reply = await world.admin.request(RPCS.positions, { account: ACCOUNT });
    const found = reply.outcome === "ok" ? reply.value.positions : [];
    return found.find(({ conid }) => conid === MADE_UP)?.quantity === "1001" ? found : undefined;
  });
  expect(positions).toHaveLength(COUNT);
  const after = await ask();
  expect(after.outcome).toBe("pass");
  expect(Number(measured(after, "grossExposure"))).toBeGreaterThan(gross * 1.01);
});

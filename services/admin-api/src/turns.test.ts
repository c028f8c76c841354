import { ok } from "@countersign/contracts/denial";
import { expect, test } from "vitest";
import { apiUnderTest, ask, TOKENS } from "./testing/api-under-test.ts";
import { READS_WAITING_MAX, Turns } from "./turns.ts";

/** A task that runs until it is let go, and what has begun so far. */
function tasks() {
  const begun: string[] = [];
  const goes = new Map<string, () => void>();
  const task = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => goes.set(name, () => resolve(name)));
  };
  return { begun, task, go: (name: string) => goes.get(name)?.() };
}

test("of one key one at a time, in order; another key does not wait for it", async () => {
  const turns = new Turns(5);
  const { begun, task, go } = tasks();
  const answers = [turns.run("a", task("a1")), turns.run("a", task("a2")), turns.run("b", task("b1"))];
  await expect.poll(() => begun).toEqual(["a1", "b1"]);
  go("a1");
  expect(await answers[0]).toBe("a1");
  await expect.poll(() => begun).toEqual(["a1", "b1", "a2"]);
});

test("more than may wait -> not run; when those before are over, again", async () => {
  const turns = new Turns(1);
  const { begun, task, go } = tasks();
  const running = [turns.run("a", task("1")), turns.run("a", task("2"))];
  expect(turns.run("a", task("3"))).toBeUndefined();
  await expect.poll(() => begun).toEqual(["1"]);
  go("1");
  await running[0];
  await expect.poll(() => begun).toEqual(["1", "2"]);
  go("2");
  await running[1];
  await expect.poll(() => (turns.run("a", async () => "3") === undefined ? "full" : "runs")).toBe("runs");
});

test("one that fails holds up nobody behind it", async () => {
  const turns = new Turns(5);
  const failed = turns.run("a", () => Promise.reject(new Error("x")));
  const next = turns.run("a", async () => "next");
  await expect(failed).rejects.toThrow("x");
  expect(await next).toBe("next");
});

test("forty pages of the audit at once -> one at a time is asked for, some are refused; a stop meanwhile goes through", async () => {
  let running = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  const { app, killed } = apiUnderTest({
    "ops.v1.audit.list": async () => {
      running += 1;
      most = Math.max(most, running);
      await gate.promise;
      running -= 1;
      return ok({ records: [], size: 0, nextAfter: null });
    },
  });
  const pages = Array.from({ length: 40 }, () => ask(app, "GET", "/api/v1/audit"));
  const stop = { scope: "global", level: "HALTED", reason: "r" };
  expect((await ask(app, "PUT", "/api/v1/kill-switch", { body: stop })).status).toBe(200);
  expect([most, killed.length]).toEqual([1, 1]);
  const other = ask(app, "GET", "/api/v1/audit", { token: TOKENS.reader });
  await expect.poll(() => most).toBe(2);
  gate.resolve();
  const statuses = (await Promise.all(pages)).map(({ status }) => status);
  expect([most, (await other).status]).toEqual([2, 200]);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1 + READS_WAITING_MAX);
  expect(statuses.filter((status) => status === 429)).toHaveLength(40 - 1 - READS_WAITING_MAX);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { RawClient } from "../testing/raw-client.ts";
import { TestSimulator } from "../testing/test-simulator.ts";
import { faultSchema } from "./fault-document.ts";

/** What a client does while a fault is in force. */
function busy(client: RawClient): void {
  client.hello("v100..193");
  client.send(71, 2, 7, "");
  client.quotes(1);
  client.place(2_000_001, { orderType: "MKT" });
  client.place(2_000_002);
  client.place(2_000_003, { whatIf: true });
  client.cancel(2_000_002);
  for (const request of [5, 16, 61, 17, 49]) client.send(request, 1);
}

const BUSY_MS = 15;

const PAGE = readFileSync(join(import.meta.dirname, "../../../../docs/tws-simulator-faults.md"), "utf8");
const EXAMPLES = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"));

const simulator = await TestSimulator.start();
afterAll(() => simulator.stop());

test("the page has an example of every fault", () => {
  const shown = new Set(EXAMPLES.map((line) => (JSON.parse(line) as { action: string }).action));
  const actions = faultSchema.options.map((option) => option.shape.action.value);
  expect(actions.filter((action) => !shown.has(action))).toEqual([]);
});

// In the order of the page: an order that is cancelled by hand was placed by hand before.
test.each(EXAMPLES)("%s -> taken as it stands", async (line) => {
  const { status, body } = await simulator.control("POST", "/faults", JSON.parse(line) as object);
  expect([status, body.error]).toEqual([200, undefined]);
  await simulator.calm();
});

test.each(EXAMPLES)("%s and a busy client -> afterwards everything works for the next one", async (line) => {
  const document = JSON.parse(line) as { action: string };
  if (document.action !== "cancelByHand") await simulator.control("POST", "/faults", document);
  const client = simulator.raw();
  busy(client);
  await Promise.race([client.closed, new Promise((resolve) => setTimeout(resolve, BUSY_MS))]);
  client.end();
  await simulator.calm();
  const next = await simulator.ready(8);
  next.send(16, 1);
  next.send(61, 1);
  await next.waitFor(() => next.of("53").length === 1 && next.of("62").length === 1);
  next.send(58, "", 2147483647);
  next.end();
  await next.closed;
});

test("a list with one wrong document -> none of them is in force", async () => {
  const answer = await simulator.control("POST", "/faults", [{ action: "halfOpen" }, { action: "nonsense" }]);
  expect(answer.status).toBe(400);
  expect((await simulator.control("GET", "/faults")).body).toEqual({ rules: [] });
});

test("a fault says how often it matched and hit; one is taken away by its id, the others stay", async () => {
  const [first, second] = await simulator.fault(
    { action: "dropReply", message: "currentTime", nth: 2 },
    { action: "crossedBook" },
  );
  const client = await simulator.ready(3);
  for (let count = 0; count < 3; count += 1) client.send(49, 1);
  await client.waitFor(() => client.of("49").length === 2);
  const { body } = await simulator.control("GET", "/faults");
  expect(body.rules).toMatchObject([{ id: first?.id, seen: 3, hits: 1 }, { id: second?.id }]);
  await simulator.control("DELETE", `/faults?id=${first?.id}`);
  expect((await simulator.control("GET", "/faults")).body.rules).toMatchObject([{ id: second?.id }]);
  expect((await simulator.control("DELETE", "/faults?id=999")).status).toBe(404);
  client.end();
  await simulator.calm();
});

test("GET /faults/schema -> a JSON Schema that names every action", async () => {
  const { body } = await simulator.control("GET", "/faults/schema");
  const text = JSON.stringify(body);
  for (const option of faultSchema.options) expect(text).toContain(`"${option.shape.action.value}"`);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { TestSimulator } from "../testing/test-simulator.ts";
import { faultSchema } from "./fault-document.ts";

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

test("a list with one wrong document -> none of them is in force", async () => {
  const answer = await simulator.control("POST", "/faults", [{ action: "halfOpen" }, { action: "nonsense" }]);
  expect(answer.status).toBe(400);
  expect((await simulator.control("GET", "/faults")).body).toEqual({ rules: [] });
});

test("a fault says how often it matched and hit; one is taken away by its id, the others stay", async () => {
  const other = await TestSimulator.start();
  const [first, second] = await other.fault(
    { action: "dropReply", message: "currentTime", nth: 2 },
    { action: "crossedBook" },
  );
  const client = await other.ready(3);
  for (let count = 0; count < 3; count += 1) client.send(49, 1);
  await client.waitFor(() => client.of("49").length === 2);
  const { body } = await other.control("GET", "/faults");
  expect(body.rules).toMatchObject([{ id: first?.id, seen: 3, hits: 1 }, { id: second?.id }]);
  await other.control("DELETE", `/faults?id=${first?.id}`);
  expect((await other.control("GET", "/faults")).body.rules).toMatchObject([{ id: second?.id }]);
  expect((await other.control("DELETE", "/faults?id=999")).status).toBe(404);
  client.end();
  other.stop();
});

test("GET /faults/schema -> a JSON Schema that names every action", async () => {
  const { body } = await simulator.control("GET", "/faults/schema");
  const text = JSON.stringify(body);
  for (const option of faultSchema.options) expect(text).toContain(`"${option.shape.action.value}"`);
});

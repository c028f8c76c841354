import { expect, test } from "vitest";
import type { User } from "../../contracts/src/accounts.ts";
import { MARKET_FEEDS } from "../../contracts/src/market-feeds.ts";
import { RPCS } from "../../contracts/src/subjects.ts";
import { NOT_ASKED_YET, unusedRights } from "./rights.ts";
import { files } from "./source-files.ts";

const RIGHTS = Object.fromEntries<readonly User[]>([
  ...Object.entries(RPCS).map(([name, { callers }]) => [name, callers] as const),
  ...Object.entries(MARKET_FEEDS).map(([name, { readers }]) => [name, readers] as const),
]);

test("who may ask a subject does ask it: every other right is on the list of those that wait, and no more than those", () => {
  const unused = unusedRights(RIGHTS, files(/^services\/[a-z-]+\/src\/.*\.ts$/));
  expect(unused.toSorted()).toEqual(NOT_ASKED_YET.toSorted());
});

test("only the process that people speak to has a right that waits for its use", () => {
  expect(new Set(NOT_ASKED_YET.map((right) => right.split(" ")[0]))).toEqual(new Set(["admin-core"]));
});

test.each([
  ["asked", "services/mcp-edge/src/tools/x.ts", "await bus.request(RPCS.quote, question);", []],
  ["asked under the name of its part", "services/mcp-edge/src/x.ts", "ask(MARKET_READS.quote, {});", []],
  ["not asked", "services/mcp-edge/src/x.ts", "await bus.request(RPCS.quotes, {});", ["mcp-edge quote"]],
  ["asked by another service", "services/risk-gate/src/x.ts", "bus.request(RPCS.quote, {});", ["mcp-edge quote"]],
  ["a type of it", "services/mcp-edge/src/x.ts", "let a: z.input<typeof RPCS.quote.request>;", ["mcp-edge quote"]],
  ["a comment about it", "services/mcp-edge/src/x.ts", "// As RPCS.quote has it.", ["mcp-edge quote"]],
  ["a fact of that name", "services/mcp-edge/src/x.ts", "bus.readLast(FACTS.quote, {});", ["mcp-edge quote"]],
  ["asked by a test", "services/mcp-edge/src/x.test.ts", "bus.request(RPCS.quote, {});", ["mcp-edge quote"]],
  ["described only", "services/mcp-edge/src/main.ts", "asks: [RPCS.quote.subject],", ["mcp-edge quote"]],
])("a right to a row that is %s -> as unused as that", (_name, path, text, unused) => {
  expect(unusedRights({ quote: ["mcp-edge"] }, [{ path, text }])).toEqual(unused);
});

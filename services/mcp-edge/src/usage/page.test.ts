import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { McpEdgeConfig } from "../config.ts";

const ROOT = join(import.meta.dirname, "../../../..");

test("the strict set of call rates that the page of sessions shows -> a configuration that holds", () => {
  const page = readFileSync(join(ROOT, "docs/agent-sessions.md"), "utf8");
  const [, block = ""] = /```yaml\n(usage:[\s\S]*?)```/.exec(page) ?? [];
  const shipped = parse(readFileSync(join(ROOT, "config/mcp-edge.yaml"), "utf8"));
  const strict = parse(block);
  expect(Object.keys(strict.usage).sort()).toEqual(Object.keys(shipped.usage).sort());
  expect(McpEdgeConfig.safeParse({ ...shipped, ...strict }).error?.issues ?? []).toEqual([]);
});

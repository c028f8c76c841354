import { sha256Hex } from "@countersign/ids/hash";
import { expect, test } from "vitest";
import { AgentsFile } from "./agents.ts";

test("an unknown key in the file does not start", () => {
  const agent = { id: "one", tokenSha256: sha256Hex("t"), accounts: ["DU1234567"] };
  expect(AgentsFile.safeParse({ agents: [agent] }).success).toBe(true);
  expect(AgentsFile.safeParse({ agents: [{ ...agent, admin: true }] }).success).toBe(false);
});

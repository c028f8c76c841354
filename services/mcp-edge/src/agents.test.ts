import { ConfigError } from "@countersign/config/load";
import { sha256Hex } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { AgentRoster, AgentsFile } from "./agents.ts";

const agent = (id: string, token: string) => ({ id, tokenSha256: sha256Hex(token), accounts: ["DU1234567"] });

describe("the roster", () => {
  const roster = new AgentRoster([agent("one", "token-one"), agent("two", "token-two")]);
  test.each([
    ["Bearer token-two", "two"],
    ["bearer token-one", "one"],
    ["Bearer token-tw", undefined],
    ["Bearer ", undefined],
    ["token-one", undefined],
    [`Bearer ${"x".repeat(600)}`, undefined],
    [undefined, undefined],
  ])("%s -> %s", (header, id) => expect(roster.byHeader(header)?.id).toBe(id));
  test("the hash of a token is no token", () => expect(roster.byToken(sha256Hex("token-one"))).toBeUndefined());
  test("one token for two agents does not start", () => {
    expect(() => new AgentRoster([agent("one", "same"), agent("two", "same")])).toThrow(ConfigError);
  });
  test("an unknown key in the file does not start", () => {
    expect(AgentsFile.safeParse({ agents: [{ ...agent("one", "t"), admin: true }] }).success).toBe(false);
  });
});

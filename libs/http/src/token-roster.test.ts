import { ConfigError } from "@countersign/config/load";
import { sha256Hex } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { TokenRoster } from "./token-roster.ts";

const holder = (id: string, token: string) => ({ id, tokenSha256: sha256Hex(token) });

describe("the roster", () => {
  const roster = new TokenRoster("some.yaml", [holder("one", "token-one"), holder("two", "token-two")]);
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
  test("one token for two, or one name for two -> does not start", () => {
    expect(() => new TokenRoster("some.yaml", [holder("one", "same"), holder("two", "same")])).toThrow(ConfigError);
    expect(() => new TokenRoster("some.yaml", [holder("one", "a"), holder("one", "b")])).toThrow(ConfigError);
  });
});

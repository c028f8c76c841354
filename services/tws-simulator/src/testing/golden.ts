import { expect } from "vitest";
import type { Reply } from "../codec/literals.ts";
import { type DecodedEvent, libraryDecodes } from "./library-codec.ts";

const UNSET_DOUBLE = "1.7976931348623157E308";

/** The two versions that real clients negotiate most. */
export const GOLDEN_VERSIONS = [178, 193] as const;

/**
 * Pins one message: its tokens at 193, written with `|` between them and `U` for the unset double, and that the client
 * library decodes it with nothing left over at 178 and at 193. Returns the events at 193.
 */
export function expectGolden(encode: (serverVersion: number) => Reply, line: string): readonly DecodedEvent[] {
  const tokens = encode(193).tokens.map((token) => (token === UNSET_DOUBLE ? "U" : token));
  expect(tokens.join("|")).toBe(line);
  const [, at193] = GOLDEN_VERSIONS.map((serverVersion) => {
    const { events, errors } = libraryDecodes(serverVersion, encode(serverVersion).tokens);
    expect(errors).toEqual([]);
    return events;
  });
  return at193 ?? [];
}

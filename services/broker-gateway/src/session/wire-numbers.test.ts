import { expect, test } from "vitest";
import { cleanText } from "./wire-numbers.ts";

test.each([
  ["control characters", "a\u0000b\u001b[31mc\u0085d", "a b [31mc d"],
  ["zero-width characters", "pay\u200b\u200d\ufeffpal", "pay pal"],
  ["bidirectional overrides", "\u202eevil\u202c \u2066x\u2069", "evil   x"],
  ["line and paragraph separators", "one\u2028two\u2029three", "one two three"],
  ["characters of the tag plane, which hide instructions", "ok\u{e0049}\u{e0067}", "ok"],
  ["half of a pair", "a\ud83d b", "a  b"],
])("text of strangers loses %s", (_, text, clean) => {
  expect(cleanText(text, 100)).toBe(clean);
});

test("a cut does not leave half of a pair", () => {
  expect(cleanText("ab😀", 3)).toBe("ab");
  expect(cleanText("ab😀", 4)).toBe("ab😀");
});

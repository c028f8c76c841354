import { expect, test } from "vitest";
import { freeText } from "./primitives.ts";

const text = freeText(40);

test.each([
  ["a control character", "\u0007"],
  ["a direction override", "\u202e"],
  ["an Arabic letter mark", "\u061c"],
  ["a line separator", "\u2028"],
  ["a paragraph separator", "\u2029"],
  ["a soft hyphen", "\u00ad"],
  ["a zero-width space", "\u200b"],
  ["a Mongolian vowel separator", "\u180e"],
  ["a deprecated format character", "\u206a"],
  ["an interlinear annotation", "\ufff9"],
  ["a tag, with which a text is written that nobody sees", "\u{e0041}"],
  ["the end of tags", "\u{e007f}"],
  ["half a surrogate pair", "\ud800"],
])("%s in a free text is refused", (_, character) => {
  expect(text.safeParse(`a${character}b`).success).toBe(false);
});

test.each(["Größe: 10 €", "e\u0301", "日本語", "שלום", "مرحبا", "👍 ❤\ufe0f", "𝒳", "a\u00a0b"])(
  "what people write stays: %s",
  (given) => expect(text.parse(given)).toBe(given),
);

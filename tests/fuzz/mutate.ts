import type { Random } from "./random.ts";

/** What tends to break readers: limits, sentinels, other notations, text that looks like something else. */
const NASTY = [
  ...[
    "",
    " ",
    "0",
    "-0",
    "-1",
    "1",
    "2",
    "00",
    "01",
    "+1",
    "1.",
    ".5",
    "1e5",
    "1E-7",
    "1e999",
    "-1e-999",
    "0x10",
    "1_000",
  ],
  ...[
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "null",
    "undefined",
    "true",
    "false",
    "999999999999999999999999999999999999",
  ],
  ...["2147483647", "2147483648", "-2147483648", "4294967295", "9223372036854775807", "-9223372036854775808"],
  ...[
    "9007199254740993",
    "1.7976931348623157E308",
    "1.7976931348623157e+309",
    "170141183460469231731687303715884105727",
  ],
  ...[
    "0.1",
    "0.30000000000000004",
    "1,000",
    "12abc",
    "abc",
    "١٢",
    "１２",
    "\u0000",
    "\\u0041",
    "\\u005cu005c",
    "%00",
    "\r\n",
  ],
  ...["{", "{}", '{"a":1}', "]", "__proto__", "constructor", "BAG", "FUND", "a".repeat(300), "\u202e", "\ud83d\ude00"],
];
const COUNTS = ["3", "100", "999999", "1000000", "-5", "2147483647"];

/** A message with something wrong with it, or, sometimes, with nothing. Tokens never contain NUL: framing would split them. */
export function mutated(random: Random, corpus: readonly (readonly string[])[]): string[] {
  const tokens = [...random.pick(corpus)];
  for (let changes = random.below(4); changes > 0; changes -= 1) change(random, tokens, corpus);
  return tokens.map((token) => token.replaceAll("\0", ""));
}

function change(random: Random, tokens: string[], corpus: readonly (readonly string[])[]): void {
  const at = random.below(tokens.length + 1);
  switch (random.below(9)) {
    case 0:
      tokens.splice(at, 1);
      return;
    case 1:
      tokens.splice(at, 0, random.pick(NASTY));
      return;
    case 2:
      tokens.splice(at, random.below(tokens.length + 1));
      return;
    case 3:
      tokens.push(...random.pick(corpus));
      return;
    case 4:
      tokens[at] = random.pick(COUNTS);
      return;
    case 5:
      tokens[0] = String(random.below(260));
      return;
    case 6:
      tokens[at] = random.bytes(1 + random.below(12)).toString("latin1");
      return;
    default:
      tokens[at] = random.pick(NASTY);
  }
}

/** Frames as bytes, with the lengths and the ends that a hostile peer would give them. */
export function frameBytes(random: Random, messages: readonly (readonly string[])[]): Buffer {
  const parts = messages.map((tokens) => {
    const body = Buffer.from(`${tokens.join("\0")}\0`);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, body]);
  });
  const bytes = Buffer.concat(parts);
  if (random.chance(3) && bytes.length > 0) {
    for (let flips = 1 + random.below(3); flips > 0; flips -= 1) bytes[random.below(bytes.length)] = random.below(256);
  }
  if (random.chance(8)) return Buffer.concat([bytes, random.bytes(random.below(40))]);
  return random.chance(8) ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes;
}

/** The same bytes in segments of any length. */
export function segmented(random: Random, bytes: Buffer): Buffer[] {
  const segments: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = Math.min(bytes.length, start + (random.chance(3) ? 1 : 1 + random.below(bytes.length)));
    segments.push(bytes.subarray(start, end));
    start = end;
  }
  return segments;
}

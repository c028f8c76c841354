import { describe, expect, test } from "vitest";
import { FRAME_BYTES_MAX, FrameReader, type WireEvent } from "./frame-reader.ts";
import { encodeFrame } from "./frame-writer.ts";

const HELLO = Buffer.from("41504900000000097631 30302e2e313933".replace(" ", ""), "hex");
const BYTES = Buffer.concat([HELLO, encodeFrame(["71", "2", "7", ""]), encodeFrame(["49", "1"])]);
const EXPECTED: WireEvent[] = [
  { kind: "hello", text: "v100..193" },
  { kind: "frame", tokens: ["71", "2", "7", ""] },
  { kind: "frame", tokens: ["49", "1"] },
];

describe("frame reader", () => {
  test("all frames in one segment -> all events", () => {
    expect(new FrameReader().push(BYTES)).toEqual(EXPECTED);
  });

  test("one byte at a time -> the same events", () => {
    const reader = new FrameReader();
    expect([...BYTES].flatMap((byte) => reader.push(Buffer.from([byte])))).toEqual(EXPECTED);
  });

  test("text outside ASCII split inside a character -> whole text", () => {
    const reader = new FrameReader();
    reader.push(HELLO);
    const frame = encodeFrame(["81", "1", "Zürich"]);
    const at = frame.indexOf(0xc3) + 1;
    expect([...reader.push(frame.subarray(0, at)), ...reader.push(frame.subarray(at))]).toEqual([
      { kind: "frame", tokens: ["81", "1", "Zürich"] },
    ]);
  });

  test.each([
    ["another protocol", Buffer.from("GET / HTTP/1.1\r\n")],
    ["a frame over the limit", Buffer.concat([HELLO, lengthOf(FRAME_BYTES_MAX + 1)])],
    ["a frame without its final NUL", Buffer.concat([HELLO, lengthOf(2), Buffer.from("49")])],
    ["an empty frame", Buffer.concat([HELLO, lengthOf(0)])],
  ])("%s -> violation, and nothing is read after it", (_name, bytes) => {
    const reader = new FrameReader();
    expect(reader.push(bytes).at(-1)).toMatchObject({ kind: "violation" });
    expect(reader.push(BYTES)).toEqual([]);
  });
});

function lengthOf(bytes: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(bytes);
  return buffer;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { describe, expect, test } from "vitest";
import { AccountScrubber } from "./account-scrubber.ts";
import { headerLine, parseRecording, recordBytes, recordLine, type WireRecord } from "./recording.ts";
import { createWireRecorder } from "./wire-recorder.ts";
import { WireTap } from "./wire-tap.ts";

const frame = (tokens: string[]) =>
  recordBytes({ at: "", connection: 1, client: null, sv: null, from: "server", tokens });
const HELLO = recordBytes({
  at: "",
  connection: 1,
  client: null,
  sv: null,
  from: "client",
  hello: "v100..193 +PACEAPI",
});

function tapped(play: (tap: WireTap) => void): WireRecord[] {
  const records: WireRecord[] = [];
  const scrubber = new AccountScrubber();
  const tap = new WireTap({ connection: 1, nowMs: () => 0, scrubber, write: (record) => records.push(record) });
  play(tap);
  return records;
}

const SESSION: readonly (readonly ["fromClient" | "fromServer", Buffer])[] = [
  ["fromClient", HELLO],
  ["fromServer", frame(["193", "20261120 09:30:00 EST"])],
  ["fromClient", frame(["71", "2", "7", ""])],
  ["fromServer", frame(["15", "1", "DU1234567,U7654321,ZÜRICH-ONE"])],
  ["fromClient", frame(["6", "2", "1", "U7654321"])],
  ["fromServer", frame(["81", "1", "ZÜRICH-ONE holds DU1234567"])],
];

describe("wire tap", () => {
  const whole = tapped((tap) => {
    for (const [direction, bytes] of SESSION) tap[direction](bytes);
    tap.close();
  });

  test("a session -> one record per frame with client, version and consistent accounts", () => {
    const seen = whole.map((record) => [record.client, record.sv, "tokens" in record ? record.tokens.join("|") : ""]);
    expect(seen).toEqual([
      [null, null, ""],
      [null, 193, "193|20261120 09:30:00 EST"],
      [7, 193, "71|2|7|"],
      [7, 193, "15|1|DU0000001,U0000002,0000000003"],
      [7, 193, "6|2|1|U0000002"],
      [7, 193, "81|1|0000000003 holds DU0000001"],
      [7, 193, ""],
    ]);
    expect(whole[0]).toMatchObject({ from: "client", hello: "v100..193 +PACEAPI" });
    expect(whole.at(-1)).toMatchObject({ closed: true });
  });

  test("one byte at a time -> the same records", () => {
    const split = tapped((tap) => {
      for (const [direction, bytes] of SESSION) for (const byte of bytes) tap[direction](Uint8Array.of(byte));
      tap.close();
    });
    expect(split).toEqual(whole);
  });

  test("the records give back the bytes", () => {
    const free = SESSION.filter(([, bytes]) => !bytes.includes("U7654321") && !bytes.includes("DU1234567"));
    const records = tapped((tap) => {
      for (const [direction, bytes] of free) tap[direction](bytes);
    });
    expect(records.map(recordBytes)).toEqual(free.map(([, bytes]) => bytes));
  });

  test.each([
    ["no API", "GET / DU1234567", "GET / DU0000001"],
    ["half a frame", "\0\0\0\x09DU123", "\0\0\0\x09DU123"],
    ["an endless frame", "\xff\xff\xff\xffU7654321", "\xff\xff\xff\xffU0000001"],
    ["a frame that is no text", "\0\0\0\x02\xff\0", "\0\0\0\x02\xff\0"],
    ["a frame without its NUL", "\0\0\0\x02ab", "\0\0\0\x02ab"],
  ])("%s -> its bytes, scrubbed", (name, given, kept) => {
    const records = tapped((tap) => {
      if (name !== "no API") tap.fromClient(HELLO);
      tap.fromClient(Buffer.from(given, "latin1"));
      tap.close();
    });
    const hex = records.flatMap((record) => ("hex" in record ? [record.hex] : []));
    expect(Buffer.from(hex.join(""), "hex").toString("latin1")).toBe(kept);
  });
});

describe("recording", () => {
  const record: WireRecord = {
    ...{ at: "2026-11-21T01:30:00.250Z", connection: 1, client: 7, sv: 178 },
    ...{ from: "client", tokens: ["49", "1"] },
  };

  test("lines read back as what was written", () => {
    const end: WireRecord = { at: record.at, connection: 1, client: 7, sv: 178, closed: true };
    expect(parseRecording(headerLine() + recordLine(record) + recordLine(end))).toEqual([record, end]);
  });

  test.each([
    ["no header", recordLine(record), 1],
    ["a header of another format", '{"format":"tws-wire/9"}\n', 1],
    ["half a line", `${headerLine()}{"at":`, 2],
    ["an unknown key", `${headerLine()}${recordLine(record)}${recordLine({ ...record, more: 1 } as never)}`, 3],
    ["odd hex", `${headerLine()}${recordLine({ ...record, tokens: undefined, hex: "abc" } as never)}`, 2],
    ["an empty line", `${headerLine()}\n${recordLine(record)}`, 2],
  ])("%s -> refused with its line", (_name, text, line) => {
    expect(() => parseRecording(text)).toThrow(`line ${line} of the recording`);
  });
});

describe("account scrubber", () => {
  const scrub = (text: string) => new AccountScrubber().scrub(text);

  test.each([
    ["DU1234567,U7654321 DU1234567", "DU0000001,U0000002 DU0000001"],
    ["DF1234567A", "DF0000001A"],
    ["F123456 I1234567", "F000001 I0000002"],
  ])("%s -> %s", (text, scrubbed) => expect(scrub(text)).toBe(scrubbed));

  test.each(["US0378331005", "0000e0d5.6745c301.01.01", "20261120", "EUR.USD", "cs1.DUabc", "IDU1234567X9"])(
    "%s is no account and stays",
    (text) => expect(scrub(text)).toBe(text),
  );
});

describe("wire recorder", () => {
  test("two connections into one file -> numbered, the same account the same; the file is never written over", () => {
    const folder = tempDir("wire-record-");
    const file = join(folder.path, "session.jsonl");
    const recorder = createWireRecorder({ file, nowMs: () => 0 });
    for (const tap of [recorder.tap(), recorder.tap()]) tap.fromServer(frame(["15", "1", "DU1234567"]));
    recorder.close();
    const accounts = parseRecording(readFileSync(file, "utf8")).map((record) => [
      record.connection,
      "tokens" in record && record.tokens[2],
    ]);
    expect(accounts).toEqual([
      [1, "DU0000001"],
      [2, "DU0000001"],
    ]);
    expect(() => createWireRecorder({ file, nowMs: () => 0 })).toThrow("EEXIST");
    folder.remove();
  });
});

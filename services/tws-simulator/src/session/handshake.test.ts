import { covers } from "@countersign/testing/covers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestSimulator } from "../testing/test-simulator.ts";
import { encodeFrame } from "../wire/frame-writer.ts";

describe("session", () => {
  let simulator: TestSimulator;
  beforeEach(async () => {
    simulator = await TestSimulator.start({ accounts: ["DU1234567", "DU7654321"] });
  });
  afterEach(() => simulator.stop());

  test.each([
    ["v100..193", "193"],
    ["v157..178 +PACEAPI", "178"],
    ["v100..200", "193"],
  ])("%s -> version %s, then accounts, next id and farms", async (hello, version) => {
    const client = simulator.raw();
    expect(await client.start(hello, 3)).toBe(1);
    await client.waitFor(() => client.of("4").length === 3);
    expect(client.frames[0]?.[0]).toBe(version);
    expect(client.frames[0]?.[1]).toMatch(/^\d{8} \d{2}:\d{2}:\d{2} E[SD]T$/);
    expect(client.frames.slice(1).map((frame) => frame.slice(0, 5).join("|"))).toEqual([
      "15|1|DU1234567,DU7654321",
      "9|1|1",
      "4|2|-1|2104|Market data farm connection is OK:usfarm",
      "4|2|-1|2106|HMDS data farm connection is OK:ushmds",
      "4|2|-1|2158|Sec-def data farm connection is OK:secdefnj",
    ]);
  });

  test("a client that knows no version above 176 -> closed", async () => {
    const client = simulator.raw();
    client.hello("v100..176");
    await client.closed;
    expect(client.frames).toEqual([]);
  });

  test("every byte in its own segment -> the same answers", async () => {
    const client = simulator.raw();
    const length = Buffer.from([0, 0, 0, 9]);
    const hello = Buffer.concat([Buffer.from("API\0"), length, Buffer.from("v100..193")]);
    for (const byte of Buffer.concat([hello, encodeFrame(["71", "2", "4", ""]), encodeFrame(["49", "1"])])) {
      client.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.waitFor(() => client.of("49").length === 1);
  });

  test.each([
    ["hello and start in one segment", "v100..193", 1],
    ["hello and start cut in the middle of the version", "v100..193", 2],
    ["a hello that ends with NUL", "v100..193\0", 1],
    ["a hello with several connection options", "v100..193 +PACEAPI +OTHER", 1],
    ["a hello that names one version only", "v193", 1],
  ])("%s -> served", async (_name, hello, parts) => {
    const client = simulator.raw();
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(hello));
    const bytes = Buffer.concat([
      Buffer.from("API\0"),
      length,
      Buffer.from(hello),
      encodeFrame(["71", "2", "4", "optional capabilities"]),
      encodeFrame(["49", "1"]),
    ]);
    const size = parts === 1 ? bytes.length : 11;
    for (let at = 0; at < bytes.length; at += size) client.socket.write(bytes.subarray(at, at + size));
    await client.waitFor(() => client.of("49").length === 1);
    expect(client.frames.slice(0, 3).map(([id]) => id)).toEqual(["193", "15", "9"]);
  });

  test("two requests in one segment -> both answered, in order", async () => {
    const client = simulator.raw();
    await client.start("v100..193", 4);
    client.socket.write(Buffer.concat([encodeFrame(["49", "1"]), encodeFrame(["17", "1"])]));
    await client.waitFor(() => client.of("15").length === 2);
    expect(client.frames.at(-2)?.[0]).toBe("49");
  });

  test("a client id in use -> 326 on the new connection, which is closed; the old one lives", async () => {
    const first = simulator.raw();
    await first.start("v100..193", 5);
    const second = simulator.raw();
    second.hello("v100..193");
    await second.waitFor(() => second.frames.length > 0);
    second.send(71, 2, 5, "");
    await second.closed;
    expect(second.of("4")[0]?.slice(2, 5)).toEqual([
      "-1",
      "326",
      "Unable to connect as the client id is already in use. Retry with a unique client id.",
    ]);
    first.send(49, 1);
    await first.waitFor(() => first.of("49").length === 1);
  });

  test("a client that counts from an older version on and one that counts beyond are served at once", async () => {
    covers("gate/above-193", "gate/cancel-without-fields");
    const older = simulator.raw();
    const newer = simulator.raw();
    await older.start("v157..178 +PACEAPI", 8);
    await newer.start("v100..200", 9);
    older.send(4, 1, 99, "");
    newer.send(4, 99, "", "", "2147483647");
    for (const client of [older, newer]) {
      await client.waitFor(() => client.of("4").some((frame) => frame[3] === "10147" && frame[2] === "99"));
    }
    expect([older.frames[0]?.[0], newer.frames[0]?.[0]]).toEqual(["178", "193"]);
  });

  test("an unknown message -> 320 and the session goes on; a cancel in an old layout -> ignored", async () => {
    const client = simulator.raw();
    await client.start("v100..193", 6);
    client.send(250, 1);
    client.send(4, 1, 5, "");
    client.send(61, 1, "surplus");
    client.send(49, 1);
    await client.waitFor(() => client.of("49").length === 1);
    const errors = client
      .of("4")
      .slice(3)
      .map((frame) => frame.slice(2, 5).join("|"));
    expect(errors).toEqual([
      "-1|320|Error reading request. Unknown message id 250",
      "-1|320|Error reading request. reqPositions: 1 surplus tokens",
    ]);
    expect(await simulator.frames()).toMatchObject({ unknown: 1, malformed: 2, cancelOrder: 1 });
  });

  test.each(["v157..178", "v100..193"])("%s: executions asked for in another layout -> 320", async (versions) => {
    covers("gate/malformed-executions", "request/startApi");
    const client = simulator.raw();
    await client.start(versions, 7);
    client.send(7, 3, 1, 0, "", "", "", "", "", "BUY", "surplus");
    client.send(7, 3, 1, "any", "", "", "", "", "", "BUY");
    client.send(7, 3, 1);
    client.send(7, 3, 2, 0, "", "", "", "", "", "");
    await client.waitFor(() => client.of("55").length === 1);
    const codes = client.of("4").map((frame) => frame[3]);
    expect(codes.slice(3)).toEqual(["320", "320", "320"]);
    expect(client.of("55")).toEqual([["55", "1", "2"]]);
  });

  test("a request before START_API, and bytes that are no API -> closed", async () => {
    const early = simulator.raw();
    early.hello("v100..193");
    early.send(49, 1);
    await early.closed;
    const stranger = simulator.raw();
    stranger.socket.write("GET / HTTP/1.1\r\n\r\n");
    await stranger.closed;
  });
});

import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import { OpenRequests } from "./open-requests.ts";
import { messageLines } from "./stdio-lines.ts";

const LENGTH_MAX = 200;

/** What passes and what is answered when these bytes come one chunk after the other. */
async function through(chunks: readonly Uint8Array[]) {
  const replies: { error: { message: string } }[] = [];
  const lines = messageLines(LENGTH_MAX, (line) => replies.push(JSON.parse(line)));
  for (const chunk of chunks) lines.write(chunk);
  lines.end();
  let passed = "";
  for await (const part of lines) passed += part;
  return { passed, said: replies.map(({ error }) => error.message) };
}

const ping = (name: string) => `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"name":"${name}"}}\n`;

test("a line that is no UTF-8 -> an error; no character is replaced, and the next line passes", async () => {
  const bytes = Buffer.concat([Buffer.from(ping("caf\u00e9"), "latin1"), Buffer.from(ping("caf\u00e9"))]);
  expect(await through([bytes])).toEqual({
    passed: ping("caf\u00e9"),
    said: ["Parse error: the line is not UTF-8"],
  });
});

test("characters cut in the middle, byte by byte -> whole", async () => {
  const text = ping("\u20ac\ud83d\ude00") + ping("b");
  const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
  expect(await through(bytes)).toEqual({ passed: text, said: [] });
});

test("the limit counts characters, whatever they take as bytes: at the limit it passes, one more does not", async () => {
  const longest = "\u20ac".repeat(LENGTH_MAX - ping("").trimEnd().length);
  expect((await through([Buffer.from(ping(longest))])).said).toEqual([]);
  const { passed, said } = await through([Buffer.from(ping(`${longest}\u20ac`)), Buffer.from(ping("b"))]);
  expect([passed, said]).toEqual([ping("b"), [`PAYLOAD_TOO_LARGE: at most ${LENGTH_MAX} characters`]]);
});

test("a line that never ends is not kept: one error when it ends, and the next passes", async () => {
  const endless = Array.from({ length: 40 }, () => Buffer.alloc(100, "x"));
  const { passed, said } = await through([...endless, Buffer.from(`\n${ping("b")}`)]);
  expect([passed, said]).toEqual([ping("b"), [`PAYLOAD_TOO_LARGE: at most ${LENGTH_MAX} characters`]]);
});

test("a key twice, in the message or deep in its arguments -> an error, and nothing passes", async () => {
  const order = '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":{"quantity":"1","quantity":"9"}}}\n';
  const { passed, said } = await through([Buffer.from(order + ping("b"))]);
  expect([passed, said]).toEqual([ping("b"), ["The line has a key twice"]]);
});

test("while the output has no room -> nothing more is read; as soon as it has, everything", async () => {
  let free: () => void = () => undefined;
  const full = new Promise<void>((resolve) => {
    free = resolve;
  });
  const said: string[] = [];
  const lines = messageLines(LENGTH_MAX, (line) => said.push(line), {
    room: () => (said.length === 0 ? undefined : full),
  });
  const taken: number[] = [];
  for (const count of [1, 2]) lines.write("x\n", () => taken.push(count));
  await new Promise((resolve) => setImmediate(resolve));
  expect([said.length, taken]).toEqual([1, [1]]);
  free();
  await expect.poll(() => [said.length, taken]).toEqual([2, [1, 2]]);
});

test("of what came in, only what is still to be answered is open: no stream, no answer, nothing that was cancelled", async () => {
  const open = new OpenRequests(new ManualClock(0));
  const lines = messageLines(LENGTH_MAX, () => undefined, { open });
  lines.resume();
  const say = (message: object) => lines.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  say({ id: 1, method: "subscriptions/listen", params: {} });
  say({ id: 2, result: {} });
  say({ id: 3, method: "tools/list" });
  say({ method: "notifications/cancelled", params: { requestId: 3 } });
  await open.answered(1);
  say({ id: 4, method: "tools/list" });
  const answered = open.answered(1).then(() => "answered");
  expect(await Promise.race([answered, Promise.resolve("waits")])).toBe("waits");
  open.left({ id: 4, result: {} });
  expect(await answered).toBe("answered");
});

import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { proposals, reject } from "./commands.ts";
import { doctor } from "./doctor.ts";
import { kill } from "./kill.ts";
import { MARK, serverThat } from "./testing/api-that-says.ts";

/** What a command ends with when this answers in the place of the admin API. */
async function against(answer: (response: ServerResponse) => void, command = kill, nats?: string) {
  const { server, url } = await serverThat((request, response) => {
    if (request.url === "/elsewhere") response.writeHead(200, MARK).end("{}");
    else answer(response);
  });
  const settings = { admin: url, operatorToken: "t", nats };
  const words = command === kill ? ["HALTED"] : ["prop_a"];
  const ended = await command({ settings, words, flags: { reason: "r", json: true } }).catch((error) => error);
  server.close();
  return ended;
}

test.each([
  ["an object that says nothing", (response: ServerResponse) => response.end("{}")],
  ["a page", (response: ServerResponse) => response.end("<html>")],
  ["nothing", (response: ServerResponse) => response.end()],
  ["a page that is not found", (response: ServerResponse) => response.writeHead(404).end("<html>")],
  ["the mark, and a page", (response: ServerResponse) => response.writeHead(200, MARK).end("<html>")],
])("another program that answers with %s: nobody is told that trading is stopped, exit code 3", async (_, answer) => {
  expect(await against(answer)).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("is not the admin API"),
  });
});

test("a redirect is not followed: what changes something would be asked for as a page", async () => {
  const ended = await against((response) => response.writeHead(302, { ...MARK, location: "/elsewhere" }).end());
  expect(ended).toMatchObject({ exitCode: 3 });
});

const cut = (response: ServerResponse) => {
  response.writeHead(200, { ...MARK, "content-length": 100 }).write("{");
  setImmediate(() => response.destroy());
};

test("an answer that is cut off: exit code 3 in words, and it may have been done", async () => {
  const ended = await against(cut, reject);
  expect(ended).toMatchObject({ name: "CommandError", exitCode: 3 });
  expect(ended.message).toMatch(/did not answer to the end: .*; it may have been done all the same/);
  expect((await against(cut, proposals)).message).not.toContain("may have been done");
});

test("nobody is there: it was not done", async () => {
  const { server, url } = await serverThat(() => undefined);
  await new Promise((closed) => server.close(closed));
  const settings = { admin: url, operatorToken: "t", nats: undefined };
  const ended = await kill({ settings, words: ["HALTED"], flags: { reason: "r" } }).catch((error) => error);
  expect([ended.exitCode, ended.message]).toEqual([3, expect.not.stringContaining("may have been done")]);
  expect(ended.message).toContain("kill HALTED --local");
});

test("doctor: what ends a connection without a word is no NATS server, and what is no address is told", async () => {
  const silent = createServer((socket) => socket.end());
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  const nats = `nats://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const ended = await against((response) => response.writeHead(503, MARK).end('{"code":"INTERNAL"}'), doctor, nats);
  silent.close();
  expect(ended).toMatchObject({ exitCode: 3, message: expect.stringContaining(`${nats} is no NATS server`) });
  const none = await against((response) => response.writeHead(503, MARK).end('{"code":"INTERNAL"}'), doctor, "garbage");
  expect(none).toMatchObject({ exitCode: 3, message: expect.stringContaining("the address of NATS is none") });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openPermissionProbe } from "@countersign/bus/permission-probe";
import { USERS, type User } from "@countersign/contracts/accounts";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AccessMatrix } from "../../contracts/generate/access.ts";

/** The whole user x subject matrix, on the real server with the generated configuration. */

const FILE = join(import.meta.dirname, "../../docs/generated/permissions.json");
const matrix = JSON.parse(readFileSync(FILE, "utf8")) as AccessMatrix;
const users = Object.keys(USERS) as User[];
let nats: TestNats;

beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(() => nats?.stop());

function without(subjects: readonly string[], refused: ReadonlySet<string>): string[] {
  return [...new Set(subjects)].filter((subject) => !refused.has(subject)).sort();
}

test("the matrix covers every user and enough subjects to mean something", () => {
  expect(Object.keys(matrix.allowed).sort()).toEqual([...users].sort());
  expect(matrix.tried.publish.length).toBeGreaterThan(150);
  expect(matrix.tried.subscribe.length).toBeGreaterThan(80);
});

describe.each(users)("%s", (user) => {
  test("may publish exactly what the table gives it; the server refuses all else", async () => {
    const probe = await openPermissionProbe({ url: nats.url, keysDir: nats.keysDir, user });
    const refused = await probe.refusedPublishes(matrix.tried.publish);
    await probe.close();
    expect(without(matrix.tried.publish, refused)).toEqual([...new Set(matrix.allowed[user]?.publish)].sort());
  });

  test("gets no further by spelling out the JetStream domain", async () => {
    const api = matrix.tried.publish.filter((subject) => subject.startsWith("$JS.API."));
    const spelledOut = api.map((subject) => subject.replace("$JS.", "$JS.countersign."));
    const probe = await openPermissionProbe({ url: nats.url, keysDir: nats.keysDir, user });
    const refused = await probe.refusedPublishes(spelledOut);
    await probe.close();
    const allowed = (matrix.allowed[user]?.publish ?? []).filter((subject) => subject.startsWith("$JS.API."));
    // The server names the short spelling where the account has a JetStream, else the one that it was given.
    const short = new Set([...refused].map((subject) => subject.replace("$JS.countersign.", "$JS.")));
    expect(without(api, short)).toEqual([...new Set(allowed)].sort());
  });

  test("may subscribe to exactly what the table gives it; the server refuses all else", async () => {
    const probe = await openPermissionProbe({ url: nats.url, keysDir: nats.keysDir, user });
    const refused = await probe.refusedSubscriptions(matrix.tried.subscribe);
    await probe.close();
    expect(without(matrix.tried.subscribe, refused)).toEqual([...new Set(matrix.allowed[user]?.subscribe)].sort());
  });
});

import { expect, test } from "vitest";
import { RPCS } from "../../contracts/src/subjects.ts";
import { codeOnly, files, isProduction } from "./source-files.ts";

/** What people are shown goes through these two; agents have the sixteen tools, and services ask what an order needs. */
const FOR_PEOPLE = ["admin-core", "admin-ops"];
/** The lease of a stream, which a reader of libs/bus/src/tick-watch.ts renews: no page of ours streams yet. */
const WAITS = ["watch"];

test("whatever the process of the people may ask is somewhere in its API: a right that nobody uses is only a way in", () => {
  const sources = files(/^services\/admin-api\/src\/.*\.ts$/).filter(({ path }) => isProduction(path));
  const code = sources.map(({ text }) => codeOnly(text)).join("\n");
  const rows = Object.entries(RPCS).filter(([, { callers }]) => callers.some((user) => FOR_PEOPLE.includes(user)));
  expect(rows.length).toBeGreaterThan(40);
  const unused = rows.map(([name]) => name).filter((name) => !new RegExp(`RPCS\\.${name}\\b`).test(code));
  expect(unused).toEqual(WAITS);
});

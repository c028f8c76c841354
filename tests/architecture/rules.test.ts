import { describe, expect, test } from "vitest";
import {
  type FileRule,
  importsPointDown,
  libraryInParts,
  noBarrels,
  noMachinePaths,
  noRawClock,
  noSubjectStrings,
  sizes,
} from "./rules.ts";
import { files, importsOf } from "./source-files.ts";

const SOURCES = files(/\.(ts|mjs|js)$/);
const ALL = files(/\.(ts|mjs|js|json|md|yaml|yml|conf|html|css)$|^\.ci\//);

/** Every rule with a file that breaks it: a rule that cannot fail is no rule. */
const RULES: readonly [string, FileRule, typeof SOURCES, { path: string; text: string }][] = [
  [
    "imports point down",
    importsPointDown,
    SOURCES,
    { path: "services/a/src/x.ts", text: 'import { y } from "@nats-io/jetstream";' },
  ],
  [
    "no service imports a service",
    importsPointDown,
    SOURCES,
    { path: "services/a/src/x.ts", text: 'import { y } from "@countersign/approval/x";' },
  ],
  [
    "contracts import zod only",
    importsPointDown,
    SOURCES,
    { path: "contracts/src/x.ts", text: 'import { y } from "node:fs";' },
  ],
  [
    "the client library is read in parts",
    libraryInParts,
    SOURCES,
    { path: "services/a/src/x.ts", text: 'import { type Order, IBApi } from "@stoqey/ib";' },
  ],
  ["time comes in", noRawClock, SOURCES, { path: "services/a/src/x.ts", text: "const t = Date.now();" }],
  ["timers come in", noRawClock, SOURCES, { path: "libs/a/src/x.ts", text: "setTimeout(() => go(), 5);" }],
  [
    "subjects stand in one table",
    noSubjectStrings,
    SOURCES,
    { path: "services/a/src/x.ts", text: 'bus.publish("rpc.v1.risk.propose");' },
  ],
  ["no barrels", noBarrels, SOURCES, { path: "libs/a/src/x.ts", text: 'export * from "./y.ts";' }],
  ["files stay small", sizes, SOURCES, { path: "services/a/src/x.ts", text: "x\n".repeat(301) }],
  ["no paths of one machine", noMachinePaths, ALL, { path: "docs/x.md", text: "see /root/x" }],
];

describe.each(RULES)("%s", (_name, rule, sources, bad) => {
  test("holds for every file", () => expect(sources.flatMap(rule)).toEqual([]));
  test("a file that breaks it is named", () => expect(rule(bad).length).toBeGreaterThan(0));
});

test("a clock that is passed in is not a raw one", () => {
  expect(
    noRawClock({ path: "services/a/src/x.ts", text: "clock.setTimeout(() => go(), 5); // not Date.now()" }),
  ).toEqual([]);
});

test("every service and library explains itself in at most 30 lines", () => {
  const readmes = files(/^(services|libs)\/[a-z-]+\/README\.md$/);
  const packages = files(/^(services|libs)\/[a-z-]+\/package\.json$/).map((file) =>
    file.path.replace("/package.json", ""),
  );
  expect(packages.filter((name) => !readmes.some((file) => file.path === `${name}/README.md`))).toEqual([]);
  expect(readmes.filter((file) => file.text.trimEnd().split("\n").length > 30).map((file) => file.path)).toEqual([]);
});

test("main.ts is a table of contents: at most 80 lines", () => {
  const mains = files(/^services\/[a-z-]+\/src\/main\.ts$/);
  expect(mains.filter((file) => file.text.split("\n").length > 81).map((file) => file.path)).toEqual([]);
});

test("every package names what it imports", () => {
  const packages = files(/^(contracts|(libs|services)\/[a-z-]+)\/package\.json$/);
  const missing = packages.flatMap(({ path, text }) => {
    const folder = path.replace("package.json", "");
    const { name, dependencies = {} } = JSON.parse(text) as { name: string; dependencies?: Record<string, string> };
    const used = SOURCES.filter(
      (file) => file.path.startsWith(`${folder}src/`) && !/\.test\.ts$|\/test-|\/testing\//.test(file.path),
    );
    const imported = used.flatMap((file) => importsOf(file.text)).filter((one) => !one.startsWith("."));
    const names = imported.map((one) =>
      one
        .split("/")
        .slice(0, one.startsWith("@") ? 2 : 1)
        .join("/"),
    );
    const outside = new Set(names.filter((one) => !one.startsWith("node:") && one !== name && !(one in dependencies)));
    return [...outside].map((one) => `${path} lacks ${one}`);
  });
  expect(missing).toEqual([]);
});

test("a command that a page names is one of package.json", () => {
  const [own] = files(/^package\.json$/);
  const scripts: Record<string, string> = JSON.parse(own?.text ?? "{}").scripts;
  const named = files(/^(README|CONTRIBUTING|docs\/.*|.*\/README)\.md$/).flatMap(({ path, text }) =>
    [...text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name = ""]) => ({ path, name })),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
});

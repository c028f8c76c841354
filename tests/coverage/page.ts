import { CATALOGUE, type Family, OUT_OF_REACH, ROWS, type Row } from "@countersign/testing/catalogue/catalogue";
import { table } from "../../contracts/generate/markdown.ts";
import { NOT_YET } from "./not-yet.ts";
import { type Coverage, scanCoverage } from "./scan.ts";

const TITLES: Readonly<Record<Family, string>> = {
  gate: "Version gates",
  request: "Requests",
  reply: "Replies",
  sequence: "Order life",
  order: "Order types and attributes",
  error: "Codes that the simulator emits",
  fault: "Faults that the simulator plays",
  field: "What happens to a gateway",
  code: "Codes that the gateway obeys",
};
const FAMILIES = Object.keys(CATALOGUE) as Family[];
const outOfReach: Readonly<Record<string, string>> = OUT_OF_REACH;

function counts(coverage: Coverage): string {
  const line = (name: string, rows: readonly Row[]) => {
    const tests = rows.reduce((sum, { id }) => sum + (coverage.get(id)?.length ?? 0), 0);
    const covered = rows.filter(({ id }) => coverage.has(id)).length;
    const without = rows.filter(({ id }) => !coverage.has(id) && outOfReach[id] === undefined).length;
    return [name, rows.length, covered, tests, without, rows.length - covered - without].map(String);
  };
  const perFamily = FAMILIES.map((family) =>
    line(
      TITLES[family],
      ROWS.filter((row) => row.family === family),
    ),
  );
  return table(
    ["family", "rows", "with a test", "tests", "without", "out of reach"],
    [...perFamily, line("all", ROWS)],
  );
}

function rowLine({ id, sentence }: Row, coverage: Coverage): string[] {
  const paths = coverage.get(id) ?? [];
  const where = [...new Set(paths)].map((path) => `\`${path}\``).join(", ");
  const reason = outOfReach[id];
  const notYet = NOT_YET.includes(id) ? "**none yet**" : "**none**";
  return [
    `\`${id}\``,
    sentence,
    String(paths.length),
    where || (reason === undefined ? notYet : `out of reach: ${reason}`),
  ];
}

/** docs/generated/simulator-coverage.md: every row of the catalogue with the tests that name it. */
export function coveragePage(coverage = scanCoverage()): string {
  const families = FAMILIES.flatMap((family) => [
    `## ${TITLES[family]}`,
    table(
      ["row", "what is shown", "tests", "where"],
      ROWS.filter((row) => row.family === family).map((row) => rowLine(row, coverage)),
    ),
  ]);
  return [
    "# What the tests of the broker side cover",
    '<!-- Generated from the `covers("...")` of the tests by "npm run generate". Do not edit. -->',
    "A row is something that the simulator or the gateway has to do. A test names the rows that it shows; a row that no test names fails the build.",
    counts(coverage),
    ...families,
    "",
  ].join("\n\n");
}

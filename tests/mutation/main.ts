import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { GROUPS, type Group, groupOf, onlyOf, TESTS_VARIABLE } from "./groups.ts";

type MutantResult = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

/** Below this a group fails. */
const KILLED_PERCENT_MIN = 90;
const ROOT = resolve(import.meta.dirname, "../..");

/**
 * Mutates the named groups, or all, one after the other; exit code 1 when one of them lets too many mutants live.
 * `--only daily-loss,cash` takes these files of a group, with the tests named like them; `--tests` adds patterns of
 * tests, or the whole group's with `--tests group`; `--threads` (2) says how many run at once.
 */
async function main(args: readonly string[]): Promise<number> {
  const text = { type: "string" } as const;
  const options = { only: text, tests: { ...text, default: "" }, threads: { ...text, default: "2" } };
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  let exitCode = 0;
  for (const name of positionals.length === 0 ? Object.keys(GROUPS) : positionals) {
    const group = groupOf(name);
    const part = values.only === undefined ? group : onlyOf(group, values.only.split(","));
    const more = values.tests === "group" ? group.tests : values.tests.split(",").filter((pattern) => pattern !== "");
    const results = await mutate({ ...part, tests: [...part.tests, ...more] }, Number(values.threads));
    const { text, percent } = summaryOf(name, results);
    process.stdout.write(text);
    if (percent < KILLED_PERCENT_MIN) exitCode = 1;
  }
  return exitCode;
}

async function mutate({ mutate, tests }: Group, concurrency: number): Promise<MutantResult[]> {
  process.env[TESTS_VARIABLE] = JSON.stringify(tests);
  const stryker = new Stryker({
    mutate: [...mutate],
    testRunner: "quick",
    vitest: { configFile: "tests/mutation/vitest.config.ts", related: false },
    coverageAnalysis: "perTest",
    plugins: ["@stryker-mutator/*", ...["words.ts", "runner.ts"].map((file) => resolve(import.meta.dirname, file))],
    ignorers: ["words"],
    ignorePatterns: [".cache", ".data", "docs", "bench", "deploy", "tests/*", "!tests/mutation"],
    tempDirName: ".cache/mutation",
    tsconfigFile: "none.json",
    disableTypeChecks: false,
    concurrency,
    timeoutMS: 90_000,
    reporters: ["dots"],
    logLevel: "warn",
    allowConsoleColors: false,
  } as ConstructorParameters<typeof Stryker>[0]);
  return stryker.runMutationTest();
}

/** A mutant that no test reaches has survived; one that does not end was noticed. */
function summaryOf(name: string, results: readonly MutantResult[]): { text: string; percent: number } {
  const count = (...statuses: string[]) => results.filter(({ status }) => statuses.includes(status)).length;
  const survivors = results.filter(({ status }) => status === "Survived" || status === "NoCoverage");
  const killed = count("Killed", "Timeout");
  const percent = killed + survivors.length === 0 ? 0 : (100 * killed) / (killed + survivors.length);
  const lines = survivors.map(survivorLine).sort();
  const score = `${killed} of ${killed + survivors.length} killed (${percent.toFixed(1)} %)`;
  const rest = `${count("Ignored")} sentences left out, ${count("CompileError", "RuntimeError")} could not be loaded`;
  const head = `${name}: ${score}, ${rest}`;
  return { text: `\n${[head, ...lines].join("\n")}\n`, percent };
}

function survivorLine({ fileName, location, mutatorName, replacement, status }: MutantResult): string {
  const file = fileName.slice(fileName.startsWith(ROOT) ? ROOT.length + 1 : 0);
  const { start, end } = location;
  const where = `${file}:${start.line}:${start.column}-${end.line}:${end.column}`;
  const by = (replacement ?? "").replaceAll(/\s+/g, " ").slice(0, 100);
  return `  ${where} ${mutatorName} -> ${by}${status === "NoCoverage" ? " (reached by no test)" : ""}`;
}

process.exitCode = await main(process.argv.slice(2));

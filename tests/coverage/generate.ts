import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../architecture/source-files.ts";
import { NOT_YET, NOT_YET_FILE } from "./not-yet.ts";
import { coveragePage } from "./page.ts";
import { scanCoverage } from "./scan.ts";

/** Writes the page, and takes off the list of rows without a test those that have one. It never adds to the list. */
const coverage = scanCoverage();
const left = NOT_YET.filter((id) => !coverage.has(id));
writeFileSync(NOT_YET_FILE, left.map((id) => `${id}\n`).join(""));
writeFileSync(join(ROOT, "docs/generated/simulator-coverage.md"), coveragePage(coverage));

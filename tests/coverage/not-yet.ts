import { readFileSync } from "node:fs";
import { join } from "node:path";

export const NOT_YET_FILE = join(import.meta.dirname, "not-yet.txt");

/** Rows that have no test yet, one per line. The list only shrinks: a row on it that has a test is an error. */
export const NOT_YET: readonly string[] = readFileSync(NOT_YET_FILE, "utf8").split("\n").filter(Boolean);

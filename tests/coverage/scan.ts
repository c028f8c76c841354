import { files } from "../architecture/source-files.ts";

/** Row id to the test files that name it, one entry per `covers(...)` that does. */
export type Coverage = ReadonlyMap<string, readonly string[]>;

/** Reads the string literals of every `covers("...")` in the test files of the repository. */
export function scanCoverage(): Coverage {
  const found = new Map<string, string[]>();
  for (const { path, text } of files(/^(contracts|libs|services|tests)\/.*\.test\.ts$/)) {
    for (const [, args = ""] of text.matchAll(/^\s*covers\(([^)]*)\)/gm)) {
      for (const [, id = ""] of args.matchAll(/"([^"]+)"/g)) found.set(id, [...(found.get(id) ?? []), path]);
    }
  }
  return found;
}

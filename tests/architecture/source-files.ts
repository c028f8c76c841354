import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Files that git tracks or would track: what a clone of the working tree would hold. */
export function files(pattern: RegExp): SourceFile[] {
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const paths = list.split("\n").filter((path) => pattern.test(path));
  return paths.flatMap((path) => {
    try {
      return [{ path, text: readFileSync(join(ROOT, path), "utf8") }];
    } catch {
      // Deleted in the working tree, not yet in git.
      return [];
    }
  });
}

/** Code that runs in production: no tests, nothing that only tests use. */
export function isProduction(path: string): boolean {
  return (
    /^(contracts|libs|services)\/.*\.ts$/.test(path) &&
    !/\.test\.ts$|\/test-[a-z-]+\.ts$|\/testing\/|^libs\/testing\//.test(path)
  );
}

/** The modules that a file names in imports and exports. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\s*\(\s*)"([^"]+)"/g)].map((match) => match[1] ?? "");
}

/** The text without comments and without string contents: what the program does, not what it says. */
export function codeOnly(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|[^:])\/\/.*$/gm, "$1")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
}

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../architecture/source-files.ts";
import { PAGES } from "./pages.ts";

/** Writes what is stale of the pages about rules; with --check only names it, and exit code 1 says that there was some. */
const checking = process.argv.includes("--check");
const stale = Object.entries(PAGES).filter(([path, page]) => {
  const file = join(ROOT, path);
  return !existsSync(file) || readFileSync(file, "utf8") !== page();
});
for (const [path, page] of stale) {
  if (!checking) writeFileSync(join(ROOT, path), page());
  process.stderr.write(`${checking ? "stale" : "written"}: ${path}\n`);
}
if (checking && stale.length > 0) {
  process.stderr.write('run "npm run generate" and commit what it writes\n');
  process.exit(1);
}

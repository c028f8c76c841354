import { registerHooks } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Patch } from "./substitutes.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

/**
 * Every module that is loaded from now on has these changes in its text. Returns what to ask at the end: the files whose
 * text did not have what was to be changed, or that were never loaded.
 */
export function loadPatched(patches: readonly Patch[]): () => string[] {
  const missing = new Map(patches.map((patch) => [patch, `${patch.file} is not loaded`]));
  const byUrl = Map.groupBy(patches, ({ file }) => pathToFileURL(join(ROOT, file)).href);
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const own = byUrl.get(url);
      if (own === undefined) return loaded;
      let source = String(loaded.source);
      for (const patch of own) {
        const { file, from, to } = patch;
        if (source.split(from).length !== 2) throw new Error(`${file} does not have exactly once: ${from}`);
        source = source.replace(from, () => to);
        missing.delete(patch);
      }
      return { ...loaded, source };
    },
  });
  return () => [...missing.values()];
}

import { expect, inject, vi } from "vitest";

/** What Stryker's runner tells its own setup file; that one runs beside this one. */
type Told = (key: string) => string | undefined;
const told = inject as unknown as Told;

interface Kept {
  loadedFor?: string;
}
const kept = globalThis as Kept & Record<string, { activeMutant?: string | undefined } | undefined>;

/**
 * Runs before each file of tests, in a thread that is kept. The project's modules are loaded anew for each mutant, and in the
 * first run, which notes which test reaches what, for each file: what a module remembers must not come from another mutant.
 */
const mutant = told("mode") === "mutant" ? told("activeMutant") : undefined;
const load = mutant ?? String(expect.getState().testPath);
if (kept.loadedFor !== load) vi.resetModules();
kept.loadedFor = load;

// One that is not of the time of loading is switched on by Stryker later; until then the one before must be off.
const namespace = kept[told("globalNamespace") ?? ""];
if (namespace !== undefined && mutant !== undefined)
  namespace.activeMutant = told("mutantActivation") === "static" ? mutant : undefined;

import { test } from "vitest";
import { LONG_PROPERTIES } from "./properties.ts";

/** A slice of what `npm run test:long` runs a million times. */
test.each(LONG_PROPERTIES)("$name", ({ check }) => check({ runs: 500, seed: 6 }));

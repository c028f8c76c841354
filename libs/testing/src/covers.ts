import { strict as assert } from "node:assert";
import { ROWS, type RowId } from "./catalogue/catalogue.ts";

const IDS = new Set(ROWS.map((row) => row.id));

/**
 * Says which rows of the catalogue a test covers: the first line of the test or of its describe block. The table in
 * docs/generated/simulator-coverage.md is made from the literals, so the ids stand here as plain strings.
 */
export function covers(...ids: readonly [RowId, ...RowId[]]): void {
  for (const id of ids) assert(IDS.has(id), `the catalogue has no row ${id}`);
}

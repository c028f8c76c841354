import { CODE_ROWS } from "./codes.ts";
import { ERROR_ROWS } from "./errors.ts";
import { FAULT_ROWS } from "./faults.ts";
import { FIELD_ROWS } from "./field.ts";
import { GATE_ROWS } from "./gates.ts";
import { ORDER_ROWS } from "./orders.ts";
import { REPLY_ROWS } from "./replies.ts";
import { REQUEST_ROWS } from "./requests.ts";
import { SEQUENCE_ROWS } from "./sequences.ts";

/** Everything about the broker side that needs a test, by family. */
export const CATALOGUE = {
  gate: GATE_ROWS,
  request: REQUEST_ROWS,
  reply: REPLY_ROWS,
  sequence: SEQUENCE_ROWS,
  order: ORDER_ROWS,
  error: ERROR_ROWS,
  fault: FAULT_ROWS,
  field: FIELD_ROWS,
  code: CODE_ROWS,
} as const;

export type Family = keyof typeof CATALOGUE;
type IdsOf<F extends Family> = `${F}/${Extract<keyof (typeof CATALOGUE)[F], string | number>}`;
/** `family/name`, such as `request/reqPnL`. */
export type RowId = { [F in Family]: IdsOf<F> }[Family];

export interface Row {
  readonly id: string;
  readonly family: Family;
  readonly sentence: string;
}

/** Rows that no test can have, with the reason. They stay in the table, so that nobody looks for them. */
export const OUT_OF_REACH: Readonly<Partial<Record<RowId, string>>> = {
  "code/client-portal-questions": "the Client Portal API is not used; nothing of it reaches the gateway",
  "code/api-configuration": "needs server version 219; the connection is agreed at 193 at most",
};

export const ROWS: readonly Row[] = (Object.keys(CATALOGUE) as Family[]).flatMap((family) =>
  Object.entries<string>(CATALOGUE[family]).map(([name, sentence]) => ({ id: `${family}/${name}`, family, sentence })),
);

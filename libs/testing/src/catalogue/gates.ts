import type { Rows } from "./rows.ts";

/** What changes on the wire with the negotiated server version. */
export const GATE_ROWS = {
  177: "The advisor profile is gone from orders and open orders; a client below this version is refused.",
  178: "An execution ends with the flag for a price that may still be revised.",
  179: "Details of a fund carry the fund's own block.",
  182: "Contract details name the last trading day beside the contract month.",
  183: "Orders in both directions carry the customer account.",
  184: "Orders in both directions carry the professional-customer flag.",
  185: "An open order reports accrued interest of a bond.",
  186: "Contract details list the reasons why an instrument is not eligible.",
  187: "Orders and cancels carry request-for-quote fields, and do so up to 189 only.",
  188: "Bond details carry the trading hours.",
  189: "Orders in both directions carry the overnight flag.",
  191: "Permanent ids may need 64 bits; the layout stays.",
  192: "Cancel and global cancel lose their version and gain operator and manual indicator; orders gain the indicator.",
  193: "An open order reports operator and manual indicator.",
  "above-193": "A client that offers more than 193 gets 193, and no field of a later layout is sent.",
  "cancel-without-fields": "A cancel at 192 or above without the new fields is ignored without a word.",
  "malformed-executions": "A request for executions that cannot be read is answered with 320.",
} as const satisfies Rows;

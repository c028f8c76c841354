import type { Rows } from "./rows.ts";

/** What happens to a gateway in the field, and what this one does about it. */
export const FIELD_ROWS = {
  "restart-window":
    "Around the daily restart nothing is submitted until the gateway has reconciled; approvals wait and say so.",
  "id-rollback": "A next order id that goes back does not make an id be used twice.",
  "long-disconnect": "A connection that stays away is told to people, by a heartbeat that beats while disconnected.",
  "login-needs-human": "A login that waits for a person is a state of its own, not a silent dead connection.",
  "weekly-login": "The weekly login is known beforehand.",
  "login-loop": "Reconnects back off and never hammer the login.",
  "nightly-reset": "The nightly reset is routine; the process lives and reads say how old they are.",
  "zombie-socket": "A socket that is up and answers nothing is found by a round trip and replaced.",
  "client-id-stuck":
    "While the client id is in use, TWS is read under one fallback id; nothing is written before the own id is back.",
  "fixed-client-id": "Client ids are fixed by configuration, one per role, so that own orders stay cancellable.",
  "foreign-orders": "Orders placed by hand are seen, marked foreign and counted.",
  "half-bracket": "A bracket with a leg missing is an alarm.",
  "untransmitted-orders": "Nothing relies on an order that is not transmitted.",
  "starved-ack": "An order without an answer in time is unknown, never failed.",
  "late-cancel": "A cancel may stay pending for as long as the broker takes.",
  "double-counted-fills": "An execution counts once, whatever is repeated or corrected.",
  "first-read-empty": "An empty first answer after a login is not taken for an empty account.",
  "silent-market-data":
    "Market data is asked for again when a farm or the link recovers, and a silent stream is noticed.",
} as const satisfies Rows;

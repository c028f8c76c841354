/**
 * Every code that leaves the system, in one table. A denial is a business no: data, final for these arguments.
 * A fault is an operation that failed. Codes are append-only; a code never changes its meaning.
 */
export const DENIALS = {
  INVALID_ARGUMENT: { status: 400, text: "An argument is missing, unknown, of the wrong type, or out of its range." },
  UNAUTHENTICATED: { status: 401, text: "No valid bearer token was given." },
  FORBIDDEN: { status: 403, text: "The token is valid but lacks the scope for this." },
  NOT_FOUND: { status: 404, text: "There is no such route." },
  METHOD_NOT_ALLOWED: { status: 405, text: "The route exists, the method does not." },
  PAYLOAD_TOO_LARGE: { status: 413, text: "The body is larger than the limit." },
  RATE_LIMITED: { status: 429, text: "Too many requests of this principal; wait and repeat." },
  PROPOSAL_NOT_FOUND: { status: 404, text: "No such proposal, or not one of this principal." },
  ORDER_NOT_FOUND: { status: 404, text: "No such order, or not one of this principal." },
  UNKNOWN_INSTRUMENT: { status: 404, text: "No instrument has this contract id." },
  AMBIGUOUS_SYMBOL: {
    status: 409,
    text: "Several instruments fit; the answer lists them, choose one by its contract id.",
  },
  ACCOUNT_NOT_PERMITTED: { status: 403, text: "The account is unknown or not on the allowlist." },
  ACCOUNT_NOT_PAPER: { status: 403, text: "In simulator and paper mode only paper accounts (DU, DF) are accepted." },
  IDEMPOTENCY_KEY_REUSED: { status: 409, text: "The idempotency key was used before, for another content." },
  TOO_MANY_OPEN_PROPOSALS: { status: 429, text: "The agent has as many open proposals as it may have." },
  LIMIT_PRICE_REQUIRED: { status: 400, text: "A limit order needs a limit price; a market order must not have one." },
  TICKET_HASH_MISMATCH: { status: 409, text: "The ticket hash given is not the hash of this proposal's ticket." },
  PROPOSAL_NOT_PENDING: { status: 409, text: "The proposal is not waiting for an approval." },
  PROPOSAL_EXPIRED: { status: 409, text: "The proposal expired before it was approved." },
  APPROVAL_EXPIRED: { status: 409, text: "The approval expired before the order could be sent." },
  APPROVAL_INVALID: { status: 403, text: "The approval's signature, key, terms or ticket do not verify." },
  APPROVAL_CONSUMED: { status: 409, text: "The approval was used before." },
  ROSTER_REFUSED: { status: 409, text: "There is no roster of approvers to rely on, so nothing can be approved." },
  NOT_AN_APPROVER: { status: 403, text: "This person has no key on the roster with which to approve this." },
  SECOND_APPROVER_REQUIRED: { status: 409, text: "Two different people must sign this ticket." },
  PASSKEY_REQUIRED: { status: 409, text: "This ticket must be signed with a passkey." },
  CONFIRMATION_REQUIRED: {
    status: 409,
    text: "The order exceeds a soft limit: the approval must name each rule that asks for it.",
  },
  CONFIRMATION_INVALID: { status: 400, text: "The approval confirms a rule that does not ask for it." },
  PASSKEY_INVALID: { status: 400, text: "The passkey's answer, or the question it answers, is not one of ours." },
  AUTO_APPROVAL_NOT_ALLOWED: { status: 403, text: "The configuration keeps auto-approval off in this mode." },
  AUTO_APPROVAL_POLICY_INVALID: {
    status: 409,
    text: "The auto-approval policy is missing, not valid now, or not the one that was meant.",
  },
  SELF_APPROVAL: { status: 403, text: "The proposer may never approve." },
  ORDER_NOT_CANCELLABLE: { status: 409, text: "The order is not working at the broker." },
  ORDER_NOT_CLOSABLE: { status: 409, text: "Only an order that is UNKNOWN or DISPUTED is settled by a person." },
  ABSENCE_NOT_PROVEN: {
    status: 409,
    text: "Two complete readings of the broker, at least 30 s apart, must not show the order; details.missing says what is lacking.",
  },
  CLOSE_NEEDS_ANOTHER_PERSON: { status: 409, text: "This person has asked already; another one must agree." },
  MODIFY_EMPTY: { status: 400, text: "The change changes nothing." },
  MODIFY_NOT_ALLOWED: {
    status: 400,
    text: "Only quantity, the prices of the same order type and the time in force of an order can be changed.",
  },
  ORDER_NOT_MODIFIABLE: {
    status: 409,
    text: "The order is not working at the broker, another change of it is open, or it is not as it was countersigned.",
  },
  ORDER_CHANGED: { status: 409, text: "The order is not any more what the change was made from." },
  KILL_SWITCH_HALTED: {
    status: 423,
    text: "The kill switch is HALTED for this scope, or its state cannot be confirmed.",
  },
  KILL_SWITCH_REDUCE_ONLY: { status: 423, text: "The kill switch allows only orders that reduce a position." },
  KILL_RESET_REFUSED: {
    status: 409,
    text: "The kill switch may not be loosened now; `why` says what is missing.",
  },
  KILL_SWITCH_SCOPE_INVALID: {
    status: 400,
    text: "The scope is not global, account, agent or instrument with its id.",
  },
  TOO_MANY_CONFIRMATIONS: {
    status: 409,
    text: "More rules ask for a confirmation than a person may confirm at once.",
  },
  RISK_DENIED: { status: 409, text: "The risk gate's fresh verdict denies the order; the verdict names each rule." },
  LIVE_GATE_MISSING: {
    status: 409,
    text: "A gate of live trading is shut; the detail names it, and `countersign live status` shows all.",
  },
  QUOTE_MISSING: { status: 409, text: "No price is known for the instrument." },
  QUOTE_STALE: { status: 409, text: "The price is older than the policy allows." },
  QUOTE_NOT_LIVE: { status: 409, text: "The price is delayed or frozen, which the policy does not allow." },
  QUOTE_IMPLAUSIBLE: { status: 409, text: "The quote is crossed, zero, negative or one-sided." },
  MAX_ORDER_QUANTITY: { status: 409, text: "The quantity is above the limit for one order." },
  MAX_ORDER_NOTIONAL: {
    status: 409,
    text: "The notional in the account's base currency is above the limit for one order.",
  },
  NOTIONAL_UNKNOWN: {
    status: 409,
    text: "The notional cannot be computed: price, multiplier or exchange rate is missing.",
  },
  INSTRUMENT_NOT_PERMITTED: {
    status: 409,
    text: "The instrument, its type or its currency is not on the permitted list.",
  },
  MARKET_CLOSED: { status: 409, text: "The market of the instrument is closed." },
  MARKET_HOURS_UNKNOWN: { status: 409, text: "The trading hours of the instrument are missing or malformed." },
  EXPOSURE_UNKNOWN: {
    status: 409,
    text: "What the account holds, or may come to hold, cannot be valued: a position, price, rate or working order is not known.",
  },
  EXPOSURE_STALE: { status: 409, text: "Prices, rates or open orders of the account's holdings are too old." },
  MAX_POSITION: { status: 409, text: "With everything working filled, the position in the instrument is too large." },
  CONCENTRATION: { status: 409, text: "One instrument would be too large a part of the account's value." },
  SECTOR_EXPOSURE: { status: 409, text: "One industry or category would be too large a part of the account's value." },
  ASSET_CLASS_EXPOSURE: {
    status: 409,
    text: "One class of instruments would be too large a part of the account's value, or has no limit.",
  },
  GROSS_EXPOSURE: { status: 409, text: "Long and short exposure together would be too large for the account's value." },
  NET_EXPOSURE: { status: 409, text: "The account would be too far long, or short, for its value." },
  MAX_POSITIONS: { status: 409, text: "The account would hold more instruments than it may." },
  MARGIN_INSUFFICIENT: {
    status: 409,
    text: "The broker's what-if leaves less excess liquidity than the policy demands.",
  },
  WHAT_IF_MISSING: { status: 409, text: "The broker gave no what-if, so margin and commission are unknown." },
  PRICE_OFF_TICK: { status: 409, text: "A price of the order is not a multiple of the instrument's tick size." },
  QUANTITY_OFF_STEP: {
    status: 409,
    text: "The quantity is below the minimum size or not a multiple of the size increment.",
  },
  ORDER_FIELDS_INVALID: {
    status: 400,
    text: "The order type lacks a price or distance that it needs, or has one that it has no place for.",
  },
  TIME_IN_FORCE_NOT_ALLOWED: { status: 400, text: "The order type does not go with this time in force." },
  GOOD_TILL_INVALID: {
    status: 400,
    text: "GTD needs a time in the future at which the order ends, and no other time in force has one.",
  },
  OUTSIDE_RTH_NOT_ALLOWED: {
    status: 400,
    text: "The order type, or the policy, keeps the order inside regular trading hours.",
  },
  BRACKET_NOT_ALLOWED: { status: 400, text: "This order type or time in force cannot be the entry of a bracket." },
  ORDER_TYPE_NOT_PERMITTED: { status: 409, text: "The order type is not on the permitted list." },
  PRICE_COLLAR: {
    status: 409,
    text: "A price of the order is too far from the market, or so far through it that it must be confirmed.",
  },
  FACT_INVALID: { status: 409, text: "A number that a rule needs cannot be read, so the rule cannot be judged." },
  STOP_DISTANCE: { status: 409, text: "A stop of the order is too near to the market, or too far from it." },
  TRAIL_TOO_WIDE: { status: 409, text: "The trailing stop stays farther behind the market than the policy allows." },
  PRICE_ON_WRONG_SIDE: {
    status: 409,
    text: "The prices of the order contradict each other, or its trigger would fire at once.",
  },
  INSTRUMENT_UNCERTAIN: {
    status: 409,
    text: "Nothing fits well enough to be taken for it; the answer lists what is nearest, with scores.",
  },
  INSTRUMENT_GONE: {
    status: 410,
    text: "The broker no longer defines this instrument; the answer has what was last known of it.",
  },
  IDENTIFIER_INVALID: { status: 400, text: "The identifier's form or its check digit is wrong." },
  BATCH_TOO_LARGE: { status: 400, text: "One request asks for more than it may; ask for less at once." },
  NO_RATE: { status: 404, text: "No currency pairs that the broker quotes lead from one currency to the other." },
  COMBO_INVALID: {
    status: 400,
    text: "The legs do not make a combination, or the order is of a type that a combination cannot have.",
  },
  PACING_WAIT: {
    status: 429,
    text: "The broker's pace lets this request go only later than the caller waits. It may be queued: ask again after estimatedWaitMs.",
  },
  PACING_REFUSED: {
    status: 429,
    text: "As many requests wait for the broker as may wait, or the turn of this one is too far away.",
  },
  DATA_TOO_OLD: { status: 409, text: "The newest that can be had is older than was asked for." },
  EXCHANGE_UNKNOWN: { status: 404, text: "The table of exchanges has no such code, alias or MIC." },
  HOLIDAYS_UNKNOWN: { status: 409, text: "The holidays of an exchange or a currency are not known for that year." },
  SETTLEMENT_UNKNOWN: { status: 409, text: "No settlement cycle is known for this kind of instrument or exchange." },
  NO_DATA: { status: 404, text: "The broker has no such data for this time." },
  DATA_KIND_NOT_OFFERED: {
    status: 400,
    text: "TWS does not have this kind of data for this type of instrument, bar size or end.",
  },
  RANGE_TOO_LONG: { status: 400, text: "The range is longer than one answer may have; ask for less, or longer bars." },
} as const;
export type DenialCode = keyof typeof DENIALS;

export const FAULTS = {
  UNAVAILABLE: { status: 503, retryable: true, text: "The service that should answer is not there." },
  TIMEOUT: { status: 504, retryable: true, text: "A read did not answer in time." },
  OUTCOME_UNKNOWN: {
    status: 504,
    retryable: false,
    text: "A write did not answer in time: it may have happened. Look before you repeat.",
  },
  BUS_UNAVAILABLE: { status: 503, retryable: true, text: "NATS cannot be reached." },
  BROKER_UNAVAILABLE: { status: 503, retryable: true, text: "The link to TWS is down or not yet reconciled." },
  BROKER_RESTARTING: {
    status: 503,
    retryable: true,
    text: "TWS restarts about now: nothing is sent until it is back and everything has been read again.",
  },
  BROKER_READ_ONLY: {
    status: 503,
    retryable: true,
    text: "TWS can be read and takes nothing now: its API is read-only, or another program has the gateway's client id.",
  },
  BROKER_REFUSED: { status: 502, retryable: false, text: "TWS answered with an error." },
  MARKET_DATA_UNAVAILABLE: { status: 503, retryable: true, text: "The data asked for cannot be had now." },
  AUDIT_UNAVAILABLE: {
    status: 503,
    retryable: true,
    text: "The audit did not confirm the record, so nothing was done.",
  },
  STORE_REFUSED: { status: 503, retryable: true, text: "JetStream refused or did not confirm a write." },
  CONFLICT: { status: 409, retryable: true, text: "Another writer was first; read again." },
  SCHEMA_UNSUPPORTED: {
    status: 500,
    retryable: false,
    text: "A message does not fit its schema or has an unknown version.",
  },
  BUSY: { status: 503, retryable: true, text: "A bounded queue is full." },
  INTERNAL: { status: 500, retryable: false, text: "An error that nobody foresaw; the audit id finds it." },
} as const;
export type FaultCode = keyof typeof FAULTS;

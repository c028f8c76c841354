/** The range of server versions that this TWS speaks; a client whose maximum is lower is refused. */
export const SERVER_VERSION_MIN = 177;
export const SERVER_VERSION_MAX = 193;

/** First server version at which a field or layout is on the wire. */
export const GATES = {
  pendingPriceRevision: 178,
  fundData: 179,
  lastTradeDate: 182,
  customerAccount: 183,
  professionalCustomer: 184,
  bondAccruedInterest: 185,
  ineligibilityReasons: 186,
  rfqFields: 187,
  bondTradingHours: 188,
  includeOvernight: 189,
  undoRfqFields: 190,
  cmeTaggingFields: 192,
  cmeTaggingFieldsInOpenOrder: 193,
} as const;

export type Gate = keyof typeof GATES;

export function has(serverVersion: number, gate: Gate): boolean {
  return serverVersion >= GATES[gate];
}

/** Request-for-quote fields were on the wire for three versions only. */
export function hasRfqFields(serverVersion: number): boolean {
  return has(serverVersion, "rfqFields") && !has(serverVersion, "undoRfqFields");
}

export type Negotiation =
  | { readonly kind: "agreed"; readonly serverVersion: number }
  | { readonly kind: "refused"; readonly reason: string };

const HELLO_PATTERN = /^v(\d{1,4})(?:\.\.(\d{1,4}))?(?: .*)?$/;

/** Reads `v100..193`, `v178` or `v157..178 +PACEAPI` and picks the version as TWS does: the highest both sides know. */
export function negotiate(hello: string): Negotiation {
  const match = HELLO_PATTERN.exec(hello);
  if (match === null) return { kind: "refused", reason: `unreadable version text ${JSON.stringify(hello)}` };
  const clientMin = Number(match[1]);
  const clientMax = Number(match[2] ?? match[1]);
  const serverVersion = Math.min(clientMax, SERVER_VERSION_MAX);
  if (serverVersion < SERVER_VERSION_MIN || serverVersion < clientMin) {
    return { kind: "refused", reason: `no common version with ${clientMin}..${clientMax}` };
  }
  return { kind: "agreed", serverVersion };
}

/** A change to the text of a production module before it is loaded: `from` must stand there exactly once. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** As a patched module asks for a stand-in; see world/stand-ins.ts. */
const asked = (name: string, type: string) => `(globalThis as { ${name}?: ${type} }).${name}`;

/** Real signatures take more time than all the rest of a schedule. */
const SEALS: Patch = {
  file: "libs/ids/src/ed25519.ts",
  from: "export function verify(publicKey: string, text: string, signature: string): boolean {",
  to: `export function verify(publicKey: string, text: string, signature: string): boolean {
  const seal = ${asked("countersignSeal", "(key: string, text: string, signature: string) => boolean")};
  if (seal !== undefined) return seal(publicKey, text, signature);`,
};

const HASH = "libs/ids/src/hash.ts";
const ONCE = "(value: unknown, make: (value: unknown) => string) => string";

/** What several processes were told is one object: its text and its hash are made once. */
const TEXTS: Patch = {
  file: HASH,
  from: "export function canonicalJson(value: unknown): string {",
  to: `export function canonicalJson(value: unknown): string {
  const once = ${asked("countersignText", ONCE)};
  return once === undefined ? madeText(value) : once(value, madeText);
}
function madeText(value: unknown): string {`,
};
const HASHES: Patch = {
  file: HASH,
  from: "export function canonicalHash(value: unknown): string {",
  to: `export function canonicalHash(value: unknown): string {
  const once = ${asked("countersignHash", ONCE)};
  return once === undefined ? madeHash(value) : once(value, madeHash);
}
function madeHash(value: unknown): string {`,
};

/** A message says what it says to all who follow its stream: it is parsed, and judged by its schema, once. */
const SAID = "(message as { readonly body?: unknown }).body ?? parseJson(message.text)";
const JUDGED = "<T>(value: unknown, make: (value: unknown) => T) => T";
const FACTS_READ: Patch = {
  file: "libs/bus/src/order-feed.ts",
  from: `parseMessage<z.ZodType<OrderFact["body"]>>(FACTS[facet].body, parseJson(message.text));`,
  to: `(${asked("countersignFact", JUDGED)} ?? ((value, make) => make(value)))(${SAID}, (value) =>
    parseMessage<z.ZodType<OrderFact["body"]>>(FACTS[facet].body, value));`,
};
const SETTINGS_READ: Patch = {
  file: "libs/bus/src/control-state.ts",
  from: "parseMessage(schema, parseJson(message.text))",
  to: `parseMessage(schema, ${SAID})`,
};

/** Chance comes from the seed alone. */
const NONCES: Patch = {
  file: "libs/ids/src/ids.ts",
  from: `return randomBytes(16).toString("base64url");`,
  to: `return ${asked("countersignNonce", "() => string")}?.() ?? randomBytes(16).toString("base64url");`,
};

export const SUBSTITUTES: readonly Patch[] = [SEALS, TEXTS, HASHES, FACTS_READ, SETTINGS_READ, NONCES];

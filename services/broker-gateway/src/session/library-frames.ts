import { BrokenPeer } from "./frame-gate.ts";

/**
 * Messages that the client library reads, because they are orders or errors. It takes any text for a number and stops
 * at the first character that is no digit, so what must be a number is looked at before. One letter per field after the
 * message id: `i` whole number, `p` long whole number or unset, `n` number or unset, `s` text; `*` leaves the rest to
 * the library.
 */
const GRAMMARS: Readonly<Record<number, string>> = {
  3: "isnnnpnnisn",
  4: "iiiss",
  5: "iisssnsnsssssnsnnssssnsip*",
  9: "ii",
  11: "iiisssnsnsssssssssnnpinnnssnsn",
  53: "i",
  55: "ii",
  59: "isnsnns",
  101: "isssnsnsssssnsnnssssnsp*",
  102: "",
};
const EXECUTION = 11;
const PENDING_PRICE_REVISION = 178;
/** The library replaces escapes one by one, each time copying the text; a longer frame would hold the process up. */
const BYTES_MAX = 65_536;

const FITS: Readonly<Record<string, RegExp>> = {
  i: /^-?[0-9]{1,10}$/,
  p: /^-?[0-9]{0,19}$/,
  n: /^(-?[0-9]{1,20}(\.[0-9]{0,34})?([eE][+-]?[0-9]{1,3})?|-?Infinity|)$/,
  s: /^/,
};

export function isForLibrary(messageId: number): boolean {
  return messageId in GRAMMARS;
}

/** Throws BrokenPeer when the library would misread the message. */
export function checkForLibrary(messageId: number, tokens: readonly string[], serverVersion: number): void {
  const length = tokens.reduce((sum, token) => sum + token.length + 1, 0);
  if (length > BYTES_MAX) throw new BrokenPeer(`${length} characters`);
  const base = GRAMMARS[messageId] ?? "";
  const grammar = messageId === EXECUTION && serverVersion >= PENDING_PRICE_REVISION ? `${base}s` : base;
  const open = grammar.endsWith("*");
  const letters = open ? grammar.slice(0, -1) : grammar;
  const fields = tokens.length - 1;
  if (fields < letters.length || (!open && fields > letters.length)) throw new BrokenPeer(`${fields} fields`);
  for (const [index, letter] of [...letters].entries()) {
    const token = tokens[index + 1] ?? "";
    if (FITS[letter]?.test(token) !== true) {
      throw new BrokenPeer(`field ${index + 1} is ${JSON.stringify(token.slice(0, 40))}`);
    }
  }
}

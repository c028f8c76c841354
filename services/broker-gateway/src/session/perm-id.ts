/** Where the permId stands in the messages that carry one, counted from the message id; the same from server version 177 to 193. */
const PERM_ID_INDEX: Readonly<Record<string, number>> = { "3": 6, "5": 25, "11": 21, "101": 23 };

/**
 * The permId of a raw message. The client library reads it as a JavaScript number and so changes it above 2^53; the raw
 * token does not. Null when the message has none yet (0) or none at all.
 */
export function permIdOf(tokens: readonly string[]): string | null {
  const index = PERM_ID_INDEX[tokens[0] ?? ""];
  const token = index === undefined ? undefined : tokens[index];
  return token !== undefined && /^[1-9][0-9]{0,18}$/.test(token) ? token : null;
}

/** What TWS writes for an unset double and an unset integer. */
export const UNSET_DOUBLE = "1.7976931348623157E308";
export const UNSET_INTEGER = "2147483647";
export const UNSET_LONG = "9223372036854775807";

/** One outgoing message, ready for the frame writer: the name is what fault rules and statistics match. */
export interface Reply {
  readonly name: string;
  readonly tokens: readonly string[];
  /** What sets this one apart from others of its name: the status of an openOrder, or `whatIf`. */
  readonly detail?: string;
}

export function flag(value: boolean): string {
  return value ? "1" : "0";
}

/** Text outside ASCII travels as `\uXXXX`; NUL would break the frame. */
export function wireText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL must be removed from text that a peer chose
  const clean = text.replace(/\u0000/g, "");
  return clean.replace(/[^\n -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

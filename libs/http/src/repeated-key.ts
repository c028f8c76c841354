const BACKSLASH = 0x5c;
const COLON = 0x3a;
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Whether an object in this text has a key twice. The text is JSON: who calls has parsed it. JSON leaves open which of the
 * two counts (RFC 8259, section 4); whoever looked at the text before, a proxy or a person, may have read the other one.
 */
export function hasRepeatedKey(json: string): boolean {
  /** The keys of each object around this place; of an array: none. */
  const around: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at];
    if (char === "{") around.push(new Set());
    else if (char === "[") around.push(undefined);
    else if (char === "}" || char === "]") around.pop();
    if (char !== '"') continue;
    const end = endOfString(json, at);
    if (isKey(json, end)) {
      const keys = around.at(-1);
      const key = keyOf(json.slice(at, end));
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
    at = end - 1;
  }
  return false;
}

/** The place behind the closing quote of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let quote = json.indexOf('"', start + 1);
  while (isEscaped(json, quote)) quote = json.indexOf('"', quote + 1);
  return quote + 1;
}

function isEscaped(json: string, quote: number): boolean {
  let backslashes = 0;
  while (json.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function isKey(json: string, end: number): boolean {
  let at = end;
  while (BLANKS.has(json.charCodeAt(at))) at += 1;
  return json.charCodeAt(at) === COLON;
}

/** Two spellings of one key are one key. */
function keyOf(text: string): string {
  return text.includes("\\") ? (JSON.parse(text) as string) : text.slice(1, -1);
}

/** A request that cannot be read as its message demands; TWS answers 320. */
export class RequestFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RequestFormatError";
  }
}

const INTEGER = /^-?\d{1,19}$/;
const NUMBER = /^(-?)(\d{1,400})(?:\.(\d{0,400}))?(?:[eE]([+-]?\d{1,3}))?$/;
const UNSET_INTEGERS = new Set(["", "2147483647", "9223372036854775807", "-9223372036854775808"]);
/** A client's "unset" is the largest double or the largest decimal: no price or size has 37 digits before the point. */
const DIGITS_BEFORE_POINT_MAX = 37;
const DIGITS_MAX = 34;

/** Reads the tokens of one request from front to back. Every optional number may come as any "unset" sentinel. */
export class TokenReader {
  readonly #tokens: readonly string[];
  #position: number;

  constructor(tokens: readonly string[], position = 0) {
    this.#tokens = tokens;
    this.#position = position;
  }

  get leftover(): number {
    return this.#tokens.length - this.#position;
  }

  text(): string {
    const token = this.#tokens[this.#position];
    if (token === undefined) throw new RequestFormatError(`the message ends at token ${this.#position}`);
    this.#position += 1;
    return token;
  }

  skip(count: number): void {
    for (let index = 0; index < count; index += 1) this.text();
  }

  /** An integer that must be there: an id or a count. */
  integer(): number {
    const value = this.optionalInteger();
    if (value === undefined) throw new RequestFormatError(`token ${this.#position - 1} must be an integer`);
    return value;
  }

  /** Absence and every sentinel are undefined. */
  optionalInteger(): number | undefined {
    const token = this.text();
    if (UNSET_INTEGERS.has(token)) return undefined;
    if (!INTEGER.test(token)) {
      const plain = plainNumber(token);
      if (plain === undefined || !INTEGER.test(plain)) throw this.#unreadable(token, "an integer");
      return plain === "0" ? 0 : Number(plain);
    }
    const value = Number(token);
    if (!Number.isSafeInteger(value)) throw this.#unreadable(token, "a safe integer");
    return value;
  }

  /** Plain decimal text without exponent; absence and every sentinel are undefined. */
  optionalDecimal(): string | undefined {
    const token = this.text();
    if (UNSET_INTEGERS.has(token) || token === "Infinity") return undefined;
    const plain = plainNumber(token);
    if (plain === undefined) throw this.#unreadable(token, "a number");
    const integerDigits = plain.replace("-", "").split(".")[0] ?? "";
    if (integerDigits.length > DIGITS_BEFORE_POINT_MAX) return undefined;
    if (plain.replace(/[-.]/g, "").length > DIGITS_MAX) throw this.#unreadable(token, "a number of 34 digits at most");
    return plain;
  }

  /** `1` or `true` is true; `0`, `false` and absence are false. */
  boolean(): boolean {
    const token = this.text();
    if (token === "1" || token === "true") return true;
    if (token === "" || token === "0" || token === "false") return false;
    throw this.#unreadable(token, "a boolean");
  }

  #unreadable(token: string, wanted: string): RequestFormatError {
    return new RequestFormatError(`token ${this.#position - 1} ${JSON.stringify(token.slice(0, 40))} is not ${wanted}`);
  }
}

/** `1e-7` -> `0.0000001`; undefined when the text is no number. */
export function plainNumber(text: string): string | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign = "", integerDigits = "", fraction = "", exponentText = "0"] = match;
  const point = integerDigits.length + Number(exponentText);
  const digits = integerDigits + fraction;
  const padded = point < 0 ? "0".repeat(-point) + digits : digits.padEnd(point, "0");
  const whole = padded.slice(0, Math.max(point, 0)).replace(/^0+(?=\d)/, "") || "0";
  const rest = padded.slice(Math.max(point, 0)).replace(/0+$/, "");
  const magnitude = rest === "" ? whole : `${whole}.${rest}`;
  return magnitude === "0" ? "0" : sign + magnitude;
}

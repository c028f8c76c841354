import pino from "pino";

/** What our code calls; nothing else of pino is used. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const SECRET_KEYS = [
  "authorization",
  "token",
  "seed",
  "privateKey",
  "privateKeyPem",
  "password",
  "secret",
  "signature",
  "cookie",
];
/** Where a secret may hide: at the top, and one or two objects down. */
const REDACTED = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

const ACCOUNT = /\b([A-Z]{1,4})([0-9]{2,10})([0-9]{2})\b/g;
const UNTRUSTED_LENGTH_MAX = 500;

/** DU1234567 becomes DU*****67: enough to tell two accounts apart, not enough to name one. */
export function maskAccount(text: string): string {
  return text.replace(
    ACCOUNT,
    (_, prefix: string, middle: string, tail: string) => prefix + "*".repeat(middle.length) + tail,
  );
}

/**
 * Text of an agent or of the broker: control characters and line separators out, cut, and never half a surrogate pair. It
 * goes under the key `untrusted` and nowhere else.
 */
export function cleanUntrusted(text: string, lengthMax: number = UNTRUSTED_LENGTH_MAX): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .slice(0, lengthMax)
    .toWellFormed();
}

export interface LoggerOptions {
  readonly service: string;
  /** debug, info, warn, error or silent. */
  readonly level: string;
  /** Where the lines go; absent: standard error. */
  readonly destination?: { write(line: string): void };
}

/** JSON lines on standard error; secrets are struck out when the logger is built, not where it is used. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED, censor: "[redacted]" },
      serializers: {
        account: (value: unknown) => (typeof value === "string" ? maskAccount(value) : value),
        untrusted: (value: unknown) => cleanUntrusted(typeof value === "string" ? value : JSON.stringify(value)),
      },
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

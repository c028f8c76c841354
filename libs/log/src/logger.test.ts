import { expect, test } from "vitest";
import { cleanUntrusted, createLogger, maskAccount } from "./logger.ts";

function lines(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = "";
  const destination = {
    write: (line: string) => {
      text += line;
    },
  };
  write(createLogger({ service: "test", level: "debug", destination }));
  return text;
}

test.each([
  { token: "SECRET" },
  { headers: { authorization: "SECRET" } },
  { call: { request: { token: "SECRET" } } },
  { approval: { signature: "SECRET" } },
  { seed: "SECRET" },
])("a secret under a known key is struck out: %o", (fields) => {
  const text = lines((logger) => logger.info(fields, "x"));
  expect(text).not.toContain("SECRET");
  expect(text).toContain("[redacted]");
});

test("an account under its key is masked", () => {
  expect(lines((logger) => logger.info({ account: "DU1234567" }, "x"))).toContain("DU*****67");
  expect(maskAccount("DU1234567 and U7654321")).toBe("DU*****67 and U*****21");
});

test("untrusted text loses control and direction characters and is cut", () => {
  expect(cleanUntrusted("a\u001b[31m\u202eb")).toBe("a [31m b");
  expect(cleanUntrusted("a\u2028b\u2029c")).toBe("a b c");
  expect(cleanUntrusted("x".repeat(900))).toHaveLength(500);
  expect(cleanUntrusted("x😀", 2)).toBe("x\ufffd");
  expect(cleanUntrusted("\udc00")).toBe("\ufffd");
});

import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

const read = (admin: string, token: string) => {
  try {
    return readSettings({ flags: { admin, token, dataDir: "/nowhere" }, environment: {} });
  } catch (error) {
    return error as { exitCode: number; message: string };
  }
};

test.each([
  "not a url",
  "localhost:4001",
  "ftp://localhost",
  "http://",
  "",
  "http://a:b@localhost",
  "http://localhost/?x",
  "http://localhost/#",
])("%j is no address of an admin API: exit code 2, and nothing is asked", (admin) =>
  expect(read(admin, "token")).toMatchObject({ exitCode: 2 }),
);

test.each(["secret\nmore", "secret ", "sécret", "s".repeat(513)])(
  "%j is no token: exit code 4, and the message does not show it",
  (token) => {
    const refused = read("http://127.0.0.1:4001", token) as { exitCode: number; message: string };
    expect(refused).toMatchObject({ exitCode: 4 });
    expect(refused.message).not.toContain("cret");
  },
);

test("an address with a slash at its end is the same address", () => {
  expect(read("http://127.0.0.1:4001/", "token")).toMatchObject({ admin: "http://127.0.0.1:4001" });
});

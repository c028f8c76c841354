import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readArguments, UsageError, withConfiguration } from "./arguments.ts";

const PAPER = {
  "--mode": "paper",
  "--tws": "127.0.0.1:7497",
  "--account": "DU1234567",
  "--data-dir": "d",
  "--config-dir": "c",
};
const paper = (changes: Partial<Record<keyof typeof PAPER, string | undefined>> = {}) =>
  Object.entries({ ...PAPER, ...changes }).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));

test("nothing said -> the embedded simulator on its usual ports", () => {
  expect(readArguments([])).toMatchObject({ paper: undefined, portBase: 7410, calendar: "open", seed: "7" });
});

test("paper mode with everything that it needs -> that account at that TWS, in these folders", () => {
  expect(readArguments(paper())).toMatchObject({
    paper: { twsHost: "127.0.0.1", twsPort: 7497, account: "DU1234567" },
    dataDir: resolve("d"),
    configDir: resolve("c"),
  });
});

test.each(["--tws", "--account", "--data-dir", "--config-dir"] as const)(
  "paper mode without %s -> refused by name",
  (name) => {
    expect(() => readArguments(paper({ [name]: undefined }))).toThrow(new RegExp(`also needs ${name}\n`));
  },
);

test.each([
  ["a live account", paper({ "--account": "U1234567" }), "no paper account"],
  ["no port", paper({ "--tws": "127.0.0.1" }), "no HOST:PORT"],
  ["port 0", paper({ "--tws": "127.0.0.1:0" }), "no HOST:PORT"],
  ["live mode", paper({ "--mode": "live" }), "no mode that can be started here: live"],
  ["a setting of the simulator", [...paper(), "--seed", "3"], "are the simulator's"],
  ["an account without the mode", ["--account", "DU1234567"], "need --mode paper"],
  ["a TWS without the mode", ["--tws", "127.0.0.1:7497"], "need --mode paper"],
  ["a calendar that there is not", ["--calendar", "mars"], "no calendar: mars"],
  ["a port beyond the last", ["--port-base", "65531"], "no port: 65531"],
  ["an option that there is not", ["--live"], "--live"],
  ["a level of logging that there is not", ["--log-level", "loud"], "no log level: loud"],
  [
    "the empty variable of a script as a folder, which would be the one of the sources",
    ["--data-dir", ""],
    "--data-dir is empty",
  ],
  ["an empty folder of a paper account", paper({ "--data-dir": "" }), "--data-dir is empty"],
  ["an empty configuration", ["--config-dir="], "--config-dir is empty"],
])("%s -> refused", (_name, args, why) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(why);
});

test("a folder without a configuration -> refused by name; the shipped one is taken", () => {
  const settings = readArguments([]);
  expect(withConfiguration(settings)).toBe(settings);
  expect(() => withConfiguration({ ...settings, configDir: "/nowhere" })).toThrow(UsageError);
  expect(() => withConfiguration({ ...settings, configDir: "/nowhere" })).toThrow("/nowhere has no risk-policy.yaml");
});

test("a paper account may have a letter before its digits; one with more than that is none", () => {
  const account = (id: string) => readArguments(paper({ "--account": id })).paper?.account;
  expect(account("DUX1234567")).toBe("DUX1234567");
  expect(() => account("DUXY1234567")).toThrow("no paper account");
});

test("an account, or a folder, said twice -> refused: the last one would count", () => {
  expect(() => readArguments([...paper(), "--account", "DU7654321"])).toThrow("--account is given twice");
  expect(() => readArguments(["--data-dir", "a", "--data-dir=b"])).toThrow("--data-dir is given twice");
});

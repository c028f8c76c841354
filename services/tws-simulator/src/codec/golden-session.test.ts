import { covers } from "@countersign/testing/covers";
import { expect, test } from "vitest";
import { expectGolden } from "../testing/golden.ts";
import {
  encodeCurrentTime,
  encodeError,
  encodeFamilyCodes,
  encodeManagedAccounts,
  encodeNextValidId,
  encodeUserInfo,
} from "./encode-session.ts";

test("ids, accounts, time, family codes, user", () => {
  covers("reply/nextValidId", "reply/managedAccts", "reply/currentTime", "reply/familyCodes", "reply/userInfo");
  expect(expectGolden(() => encodeNextValidId(294), "9|1|294")[0]?.args).toEqual([294]);
  expect(expectGolden(() => encodeManagedAccounts(["DU1", "DU2"]), "15|1|DU1,DU2")[0]?.args).toEqual(["DU1,DU2"]);
  expect(expectGolden(() => encodeCurrentTime(1795000000), "49|1|1795000000")[0]?.args).toEqual([1795000000]);
  const [codes] = expectGolden(() => encodeFamilyCodes(["DU1", "DU2"]), "78|2|DU1||DU2|");
  expect(codes?.args[0]).toEqual([
    { accountID: "DU1", familyCode: "" },
    { accountID: "DU2", familyCode: "" },
  ]);
  expect(expectGolden(() => encodeUserInfo(3, ""), "107|3|")[0]?.args).toEqual([3, ""]);
});

test("a notice, an error with escaped text, a reject with its JSON", () => {
  covers("reply/error");
  const text = "Market data farm connection is OK:usfarm";
  const notice = { id: -1, code: 2104, text };
  expect(expectGolden(() => encodeError(notice), `4|2|-1|2104|${text}|`)[0]?.args.slice(0, 2)).toEqual([text, 2104]);
  const foreign = { id: 5, code: 201, text: "Zürich\0" };
  const [error] = expectGolden(() => encodeError(foreign), "4|2|5|201|Z\\u00fcrich|");
  expect(error).toMatchObject({ name: "error", args: ["Zürich", 201, 5, undefined] });
  const reject = { id: 5, code: 201, text: "no", rejectJson: '{"a":1}' };
  const [refused] = expectGolden(() => encodeError(reject), '4|2|5|201|no|{"a":1}');
  expect(refused?.args[3]).toEqual({ a: 1 });
});

import { BROKER_CONDITIONS } from "../src/broker-conditions.ts";
import { GENERATED, table } from "./markdown.ts";

/** docs/generated/broker-conditions.md: what the doctor says about the way to TWS. */
export function brokerConditionsPage(): string {
  const rows = Object.entries(BROKER_CONDITIONS).map(([code, { sentence, fix }]) => [`\`${code}\``, sentence, fix]);
  return [
    "# What can be wrong on the way to TWS",
    GENERATED,
    "`countersign doctor` names these while they hold; when one begins or ends is in the audit.",
    table(["code", "what is wrong", "what to do"], rows),
    "",
  ].join("\n\n");
}

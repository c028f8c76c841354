import type { RiskPolicyReplay } from "@countersign/contracts/messages/risk-policy.v1";
import { EXIT, type ExitCode } from "./exit-codes.ts";

/** What another policy would have said: a line for each verdict that changes, then the sum, then what is not in it. */
export function replayText(answer: RiskPolicyReplay): string {
  const { decisions, changed, changes, from, until } = answer;
  return [
    ...changes.map(changeLine),
    ...(changed > changes.length ? [`  and ${changed - changes.length} more, which are not listed`] : []),
    `${from} to ${until}: ${changed} of ${decisions} verdicts change`,
    ...gaps(answer).map((gap) => `NOT WHOLE: ${gap}`),
  ].join("\n");
}

/** A script may activate on "done": what leaves out a verdict is not done, also when it lists no change. */
export function replayExit({ unreadable, more }: RiskPolicyReplay): ExitCode {
  if (unreadable > 0) return EXIT.verificationFailed;
  return more ? EXIT.unavailable : EXIT.ok;
}

function gaps({ unreadable, more }: RiskPolicyReplay): string[] {
  return [
    ...(unreadable > 0
      ? [`${unreadable} on record could not be judged again: their policy is not readable, or not the one they name`]
      : []),
    ...(more ? ["there are newer ones on record than were judged; take fewer days"] : []),
  ];
}

function changeLine(change: RiskPolicyReplay["changes"][number]): string {
  const { proposalId, at, agent, before, after, refusing, passing, asking, waiving = [] } = change;
  const why = [
    ...refusing.map((rule) => `denied by ${rule}`),
    ...passing.map((rule) => `no longer denied by ${rule}`),
    ...asking.map((rule) => `${rule} asks`),
    ...waiving.map((rule) => `${rule} no longer asks`),
  ];
  return `  ${at}  ${proposalId}  ${agent}  ${before} -> ${after}  ${why.join(", ")}`;
}

import type { AutoStatus } from "@countersign/contracts/messages/auto-approval.v1";
import { plain } from "./terminal.ts";

/** How the standing policy stands, for a person at a terminal. */
export function statusText(status: AutoStatus): string {
  const { mode, since, allowedHere, used } = status;
  const lines = [`auto-approval: ${mode}${allowedHere ? "" : " (the configuration keeps it off in this mode)"}`];
  if (since === null) lines.push("  nobody ever turned it on");
  else
    lines.push(
      `  since ${since.at} by ${since.actor.kind} ${since.actor.id}${since.cause === null ? "" : `, ${since.cause}`}: ${since.reason}`,
    );
  lines.push(...documentLines(status), ...used.map(usedLine));
  return lines.map(plain).join("\n");
}

function documentLines({ document, turnedOn }: AutoStatus): string[] {
  if (document.state === "none") return ["  no policy document"];
  if (document.state === "invalid") return [`  document NOT VALID: ${document.reasons.join("; ")}`];
  const { policy, ref, signers } = document;
  const other = turnedOn !== null && turnedOn.hash !== ref.hash ? " (NOT the one that was turned on)" : "";
  return [
    `  document ${ref.id} version ${policy.version}, hash ${ref.hash}${other}`,
    `  signed by ${signers.map(({ person }) => person).join(" and ")}, expires ${policy.expiresAt}`,
  ];
}

function usedLine({ account, agent, orders, notional }: AutoStatus["used"][number]): string {
  return `  24 h, ${account}${agent === null ? "" : ` ${agent}`}: ${orders} orders, ${notional.amount} ${notional.currency}`;
}

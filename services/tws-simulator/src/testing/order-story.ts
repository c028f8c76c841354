import type { LibraryClient } from "./library-client.ts";

/** The callbacks of one order in short, in the order in which they came: `5` openOrder, `3` orderStatus, `11`, `59`, `4`. */
export function story(client: LibraryClient, orderId: number): string[] {
  const execIds = new Set<unknown>();
  const found: string[] = [];
  for (const { name, args } of client.events) {
    if (name === "openOrder" && args[0] === orderId) found.push(`5 ${(args[3] as { status: string }).status}`);
    if (name === "orderStatus" && args[0] === orderId) found.push(`3 ${args[1]}${held(args[9])}`);
    if (name === "error" && args[2] === orderId) found.push(`4 ${args[1]}`);
    const execution = args[2] as { orderId?: number; execId?: string } | undefined;
    if (name === "execDetails" && execution?.orderId === orderId) {
      execIds.add(execution.execId);
      found.push("11");
    }
    if (name === "commissionReport" && execIds.has((args[0] as { execId: string }).execId)) found.push("59");
  }
  return found;
}

function held(why: unknown): string {
  return typeof why === "string" && why !== "" ? ` ${why}` : "";
}

/** The text of the last error with this code for this order; fails when there is none. */
export function errorText(client: LibraryClient, orderId: number, code: number): string {
  const found = client.of("error").findLast(({ args }) => args[1] === code && args[2] === orderId);
  if (found === undefined) throw new Error(`no ${code} for ${orderId}`);
  return (found.args[0] as Error).message;
}

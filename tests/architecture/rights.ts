import { USERS, type User } from "../../contracts/src/accounts.ts";
import { codeOnly, isProduction, type SourceFile } from "./source-files.ts";

const MARKET = [
  ...["marketDepth", "marketHistogram", "scanCatalogue", "marketScan", "newsSources", "newsHeadlines", "newsArticle"],
  ...["instrumentDetails", "resolve", "resolveMany", "chain", "chainContracts", "futures", "combo", "exchange"],
  ...["settlement", "marketStats", "watch", "tick"],
];

/**
 * Rights that wait for their use: what the market offers, for the process that people speak to. A row that is asked by now,
 * or whose right is gone, must be taken off this list; nothing comes onto it.
 */
export const NOT_ASKED_YET: readonly string[] = MARKET.map((name) => `admin-core ${name}`);

/** Who may ask or hear a row of the table of subjects, by the name under which code names the row. */
export type Rights = Readonly<Record<string, readonly User[]>>;

/** "user row" for each right of which the production code of the user's service names no use. */
export function unusedRights(rights: Rights, sources: readonly SourceFile[]): string[] {
  const code = new Map<string, string>();
  for (const { path, text } of sources) {
    const service = /^services\/([a-z-]+)\/src\//.exec(path)?.[1];
    // main.ts tells what a service asks; it asks nothing.
    if (service === undefined || !isProduction(path) || path.endsWith("/src/main.ts")) continue;
    code.set(service, `${code.get(service) ?? ""}\n${codeOnly(text)}`);
  }
  return Object.entries(rights).flatMap(([name, users]) => {
    // The type of a message is no use of it.
    const use = new RegExp(`(?<!typeof )\\b(RPCS|[A-Z]+_(RPCS|READS|ROWS|FEEDS))\\.${name}\\b`);
    return users.filter((user) => !use.test(code.get(USERS[user].service) ?? "")).map((user) => `${user} ${name}`);
  });
}

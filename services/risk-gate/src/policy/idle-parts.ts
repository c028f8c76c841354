import type { RiskPolicy } from "../policy.ts";
import type { Passport } from "../rules/passports.ts";

/**
 * What stands in a policy and can be for no order: a name that was mistyped leaves an order without the stricter limit that
 * was meant for it. No fault, because an account or a type that is taken off the list, by one person, takes nothing else along.
 */
export function idleParts({ accounts, passports, rules, overrides }: RiskPolicy): string[] {
  const { anyAgent, agents } = passports;
  const { secTypes = [] } = rules.permittedInstruments as { secTypes?: readonly string[] };
  const faults = ({ account, agent, secType }: { account?: string; agent?: string; secType?: string }) => [
    ...(account !== undefined && !accounts.includes(account) ? [`account ${account} is not among accounts`] : []),
    ...(agent !== undefined && anyAgent === null && !Object.hasOwn(agents, agent) ? [`${agent} has no passport`] : []),
    ...(secType !== undefined && !secTypes.includes(secType) ? [`no ${secType} is among permittedInstruments`] : []),
  ];
  const ofPassport = (one: Passport) => [
    ...one.accounts.flatMap((account) => faults({ account })),
    ...one.secTypes.flatMap((secType) => faults({ secType })),
  ];
  const named: [string, string[]][] = [
    ...overrides.map(({ when }, at): [string, string[]] => [`overrides.${at}.when`, faults(when)]),
    ...(anyAgent === null ? [] : [["passports.anyAgent", ofPassport(anyAgent)] as [string, string[]]]),
    ...Object.entries(agents).map(([agent, one]): [string, string[]] => [`passports.agents.${agent}`, ofPassport(one)]),
  ];
  return named.flatMap(([path, all]) => all.map((fault) => `${path}: ${fault}`));
}

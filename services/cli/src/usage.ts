import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";

/** What `countersign` says when it is not understood. */
export const USAGE = `countersign <command>

  proposals [--state S] [--cursor C]   what is proposed, newest first
  show <id>                            one proposal with its ticket, rules and order
  approve <id> [--reason R] [--yes]    countersign exactly the ticket that is shown
       [--confirm RULE]...             the soft limits that it exceeds, by the names of their rules
  reject <id> --reason R [--code C]    refuse it; the agent reads both. TOO_LARGE, BAD_PRICE, WRONG_INSTRUMENT, BAD_TIMING,
                                       NOT_EXPLAINED, CHANGES_REQUESTED or OTHER
  reduce <id> --reason R               ask for less of what waits: a new ticket, to be approved then
       [--quantity Q] [--limit L]      a smaller quantity, a safer limit (lower for BUY, higher for SELL), or both
  close <id> --reason R                settle an UNKNOWN or DISPUTED order by what the broker shows
  kill <level> --reason R [--scope S]  ACTIVE, REDUCE_ONLY or HALTED; scope global, account.X, agent.X, instrument.N
       [--cancel own|all]              HALTED also cancels orders at the broker
  kill HALTED --local --reason R       the latch file beside the gateway, when nothing else answers
  kill status | report                 what stands, what tripped; what became of cancelled orders
  kill reset <key> --reason R          reset what a service stopped by itself
  kill drill [--rounds N]              set, time, count and reset; simulator and paper only
  session reopen <agent> --reason R    let an agent go on whose session has ended
  policy <verb>                        the limits: check, diff, sign of a file; show, activate --reason R, replay --days N
  policy-approval <verb>               orders that need no person: status, on, shadow, off; show, sign, check of a file
  audit verify [--keep FILE]           recompute the chain of the audit; keep the newest signed checkpoint in a file
       [--against FILE]                and compare with one that was kept before
  audit export <folder>                the record as files that anybody can verify; again: what came since, if it is the same record
  audit check <folder> [--key KEY]     verify such files, offline: by a key that you got elsewhere, and
       [--against FILE]                as the continuation of a checkpoint that was kept before
  audit prove <folder> <id> [--out D]  from such files: a proof for each record of a proposal, which shows no other one
  audit check <proof> --key KEY        verify such a proof, offline, and show its record
  decision verify <file>               judge an exported decision once more, offline: hashes and bytes
  decision export <id> [--out FILE]    everything behind the verdict of a proposal; --inputs H: of another of its verdicts
  live status                          each gate of live trading with its evidence
  doctor                               name the layer that fails
  mcp                                  the stdio edge, for the configuration of an MCP client; takes an agent's token
  roster [--help]                      who may approve: make, sign and read the roster, offline
  tws-simulator [--help]               a TWS to build clients against; needs no other part of the system

  --json  --admin URL  --token T  --data-dir DIR

exit codes: 0 done, 1 denied, 2 usage, 3 unavailable, 4 not authenticated, 5 the audit, or a decision, does not verify, or a replay
            left some out
`;

/** An answer to who asked for it, and an error to who was not understood. */
export function usage(asked = false): ExitCode {
  if (!asked) throw new CommandError(EXIT.usage, USAGE);
  process.stdout.write(USAGE);
  return EXIT.ok;
}

import { FoldedLog, type LogBus } from "@countersign/bus/folded-log";
import { FACTS } from "@countersign/contracts/subjects";
import { EMPTY_LEDGER, foldLedger, type Ledger } from "./ledger.ts";

/** The ledger as it stands in its stream. `known` is for showing, never for deciding. */
export type LedgerLog = FoldedLog<typeof FACTS.ledger, Ledger>;

/** Throws a Fault when it cannot be read. */
export function openLedger(bus: LogBus): Promise<LedgerLog> {
  return FoldedLog.open(bus, { fact: FACTS.ledger, empty: EMPTY_LEDGER, fold: foldLedger });
}

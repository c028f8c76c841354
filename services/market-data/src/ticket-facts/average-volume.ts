import type { BarsValue } from "@countersign/contracts/messages/md-bars.v1";
import { add, type Decimal, decimal, divideRoundingDown, toText, ZERO } from "@countersign/money/decimal";

/** The mean volume of the finished sessions that have one. A session whose volume is not known counts for nothing, not for zero. */
export function averageVolume({ bars, volumeUnit }: Pick<BarsValue, "bars" | "volumeUnit">) {
  const volumes = bars.flatMap(({ volume, partial }) => (partial || volume === null ? [] : [decimal(volume)]));
  const sessions = volumes.length;
  if (sessions === 0 || volumeUnit === null) return { sessions: 0, volume: null, unit: null };
  const sum = volumes.reduce<Decimal>(add, ZERO);
  return { sessions, volume: toText(divideRoundingDown(sum, decimal(String(sessions)), 0)), unit: volumeUnit };
}

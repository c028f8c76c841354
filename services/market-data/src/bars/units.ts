/**
 * Decimal texts of the wire as whole numbers of their last place, exact: it has at most 12 decimals. Bars come by the ten
 * thousand, and a decimal object for each figure would cost more than all the rest.
 */
const DECIMALS = 12;

export function unitsOf(text: string): bigint {
  const point = text.indexOf(".");
  if (point < 0) return BigInt(text) * SCALE;
  return BigInt(text.slice(0, point) + text.slice(point + 1).padEnd(DECIMALS, "0"));
}
const SCALE = 10n ** BigInt(DECIMALS);

/** Without exponent and without trailing zeros. */
export function textOf(units: bigint): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(DECIMALS + 1, "0");
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -DECIMALS)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** `sum` of products of two such numbers, divided by one of them: to 12 decimals, to the even neighbour at a tie. */
export function averageOf(sum: bigint, weight: bigint): bigint {
  const [quotient, rest] = [sum / weight, sum % weight];
  const twice = 2n * (rest < 0n ? -rest : rest);
  const isUp = twice > weight || (twice === weight && quotient % 2n !== 0n);
  return isUp ? quotient + (sum < 0n ? -1n : 1n) : quotient;
}

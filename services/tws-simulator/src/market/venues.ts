/** What tickReqParams names and reqSmartComponents asks about: the US exchanges behind a consolidated quote. */
export const SMART_QUOTE_CODE = "9c0001";

const LETTERS: readonly (readonly [exchange: string, letter: string])[] = [
  ["AMEX", "A"],
  ["BEX", "B"],
  ["NYSENAT", "C"],
  ["PEARL", "H"],
  ["ISE", "I"],
  ["EDGEA", "J"],
  ["DRCTEDGE", "K"],
  ["LTSE", "L"],
  ["CHX", "M"],
  ["NYSE", "N"],
  ["ARCA", "P"],
  ["ISLAND", "Q"],
  ["MEMX", "U"],
  ["IEX", "V"],
  ["CBOE", "W"],
  ["PHLX", "X"],
  ["BYX", "Y"],
  ["BATS", "Z"],
];

export const SMART_COMPONENTS: readonly { readonly bit: number; readonly exchange: string; readonly letter: string }[] =
  LETTERS.map(([exchange, letter], bit) => ({ bit, exchange, letter }));

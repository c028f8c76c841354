/** The answers of the Flex Web Service that are no statement: status and text by error code. */
export const FLEX_CODES = {
  1001: "Statement could not be generated at this time. Please try again shortly.",
  1003: "Statement is not available.",
  1004: "Statement is incomplete at this time. Please try again shortly.",
  1005: "Settlement data is not ready at this time. Please try again shortly.",
  1006: "FIFO P/L data is not ready at this time. Please try again shortly.",
  1007: "MTM P/L data is not ready at this time. Please try again shortly.",
  1008: "MTM and FIFO P/L data is not ready at this time. Please try again shortly.",
  1009: "The server is under heavy load. Statement could not be generated at this time. Please try again shortly.",
  1010: "Legacy Flex Queries are no longer supported. Please convert over to Activity Flex.",
  1011: "Service account is inactive.",
  1012: "Token has expired.",
  1013: "IP restriction.",
  1014: "Query is invalid.",
  1015: "Token is invalid.",
  1016: "Account in invalid.",
  1017: "Reference code is invalid.",
  1018: "Too many requests have been made from this token. Please try again shortly.",
  1019: "Statement generation in progress. Please try again shortly.",
  1020: "Invalid request or unable to validate request.",
  1021: "Statement could not be retrieved at this time. Please try again shortly.",
} as const;

export type FlexCode = keyof typeof FLEX_CODES;

/** Worth another try later; everything else is for a person to mend. */
export const WARNINGS: ReadonlySet<FlexCode> = new Set([
  ...([1001, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1018, 1019, 1021] as const),
]);

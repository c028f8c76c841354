/** An answer of TWS that is not an acceptance. */
export interface Reject {
  readonly code: number;
  readonly text: string;
  /** Empty or one JSON object; absent = empty. */
  readonly rejectJson?: string;
}

export interface RejectResult {
  readonly ok: false;
  readonly reject: Reject;
}

export function reject(code: number, text: string): RejectResult {
  return { ok: false, reject: { code, text } };
}

/** A message that can be read and is not valid. */
export function validating(cause: string): RejectResult {
  return reject(321, `Error validating request.-'bW' : cause - ${cause}`);
}

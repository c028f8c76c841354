const KEY = "countersign.operatorToken";

/** The operator's token lives as long as this tab, and nowhere else. */
export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  clear: () => sessionStorage.removeItem(KEY),
};

/** So long an answer may take: a question is asked again, what changes something is asked once. */
const READ_MS = 8_000;
const WRITE_MS = 60_000;

let skewMs = 0;
/** The time of the server, to the second: a phone whose clock is wrong must not show the wrong time that is left. */
export const serverNow = () => Date.now() + skewMs;

/** A refusal or failure, with the stable code of the API. */
export class Problem extends Error {
  constructor(body) {
    super(`${body.code}: ${body.detail}`);
    this.code = body.code;
  }
}

/** There was no answer. What was asked for may have happened all the same, and nobody says that it did not. */
export class NoAnswer extends Error {
  constructor(method) {
    super(
      method === "GET"
        ? "The admin API does not answer."
        : "No answer came, so it is not known whether it was done. Look at what is shown before you do it again.",
    );
  }
}

/** One call of the admin API. Rejects with a Problem, or with NoAnswer. */
export async function call(method, path, body, timeoutMs = method === "GET" ? READ_MS : WRITE_MS) {
  const answer = await fetch(path, {
    method,
    cache: "no-store",
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      authorization: `Bearer ${token.get() ?? ""}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new NoAnswer(method);
  });
  skewMs = Date.parse(answer.headers.get("date") ?? "") - Date.now() || 0;
  const value = await answer.json().catch(() => {
    if (answer.ok) throw new NoAnswer(method);
    return { code: `HTTP ${answer.status}`, detail: "no JSON" };
  });
  if (!answer.ok) throw new Problem(value);
  return value;
}

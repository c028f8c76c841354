const KEY = "countersign.operatorToken";

/** The operator's token lives as long as this tab, and nowhere else. */
export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  clear: () => sessionStorage.removeItem(KEY),
};

/** A refusal or failure, with the stable code of the API. */
export class Problem extends Error {
  constructor(body) {
    super(`${body.code}: ${body.detail}`);
    this.code = body.code;
  }
}

/** One call of the admin API. Rejects with a Problem, or with an Error when there was no answer. */
export async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    cache: "no-store",
    headers: {
      authorization: `Bearer ${token.get() ?? ""}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value = await answer.json().catch(() => ({ code: `HTTP ${answer.status}`, detail: "no JSON" }));
  if (!answer.ok) throw new Problem(value);
  return value;
}

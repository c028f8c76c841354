/** Not by import or fetch, which bring in the client of `fetch`: 12 MB of memory in the launcher for one request. */
const { request } = process.getBuiltinModule("node:http");

const DEADLINE_MS = 60_000;
const ANSWER_MS = 5_000;

/**
 * The kill switch of a new system was never set, which means HALTED. In the simulator, and only on the very first start,
 * it is armed through the admin API as any operator would, so that the record says who did it and why. Who has set it
 * before this start came through has the last word.
 */
export async function armOnFirstStart(options: {
  admin: string;
  operatorToken: string;
  firstStart: boolean;
  log: (line: string) => void;
}): Promise<void> {
  if (!options.firstStart) return;
  const deadline = performance.now() + DEADLINE_MS;
  const url = `${options.admin}/api/v1/kill-switch`;
  const known = JSON.parse((await ask("GET", url, options.operatorToken)).text) as { settings?: { scope: string }[] };
  if (known.settings?.some(({ scope }) => scope === "global")) return;
  const setting = { scope: "global", level: "ACTIVE", reason: "first start of an embedded simulator" };
  while (true) {
    const answer = await ask("PUT", url, options.operatorToken, JSON.stringify(setting));
    if (answer.status === 200) return options.log("kill switch armed (first start of a simulator)");
    // The audit may still be coming up; nothing else is worth waiting for.
    if (answer.status !== 503 || performance.now() > deadline) {
      throw new Error(`the kill switch could not be armed: ${answer.status} ${answer.text.slice(0, 300)}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

function ask(method: string, url: string, token: string, body = ""): Promise<{ status: number; text: string }> {
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  const options = { method, agent: false, headers, signal: AbortSignal.timeout(ANSWER_MS) };
  return new Promise((resolve, reject) => {
    const asking = request(url, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
      });
      answer.once("error", reject);
      answer.once("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asking.once("error", reject);
    asking.end(body);
  });
}

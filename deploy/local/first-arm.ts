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
  const deadline = performance.now() + 60_000;
  const url = `${options.admin}/api/v1/kill-switch`;
  const authorization = `Bearer ${options.operatorToken}`;
  const known = (await (await fetch(url, { headers: { authorization } })).json()) as { settings?: { scope: string }[] };
  if (known.settings?.some(({ scope }) => scope === "global")) return;
  while (true) {
    const answer = await fetch(url, {
      method: "PUT",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ scope: "global", level: "ACTIVE", reason: "first start of an embedded simulator" }),
    });
    if (answer.ok) return options.log("kill switch armed (first start of a simulator)");
    // The audit may still be coming up; nothing else is worth waiting for.
    if (answer.status !== 503 || performance.now() > deadline) {
      throw new Error(`the kill switch could not be armed: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

/**
 * The kill switch of a new system was never set, which means HALTED. In the simulator, and only on the very first start,
 * it is armed through the admin API as any operator would, so that the record says who did it and why.
 */
export async function armOnFirstStart(options: {
  admin: string;
  operatorToken: string;
  firstStart: boolean;
  log: (line: string) => void;
}): Promise<void> {
  if (!options.firstStart) return;
  const deadline = performance.now() + 15_000;
  while (true) {
    const answer = await fetch(`${options.admin}/api/v1/kill-switch`, {
      method: "PUT",
      headers: { authorization: `Bearer ${options.operatorToken}`, "content-type": "application/json" },
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

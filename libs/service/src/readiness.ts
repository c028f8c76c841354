/** One thing that must hold for the service to do its work. */
export interface Check {
  readonly name: string;
  check(): Promise<{ ok: boolean; detail: string }>;
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Runs all checks; one that throws has failed and says why. */
export async function runChecks(checks: readonly Check[]): Promise<{ ready: boolean; checks: CheckResult[] }> {
  const results = await Promise.all(
    checks.map(async ({ name, check }) => {
      try {
        return { name, ...(await check()) };
      } catch (error) {
        return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
  return { ready: results.every((result) => result.ok), checks: results };
}

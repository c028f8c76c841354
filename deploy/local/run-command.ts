import { spawn } from "node:child_process";

/** `code` is null when a signal ended the program; `output` is what it wrote to both streams, its last 64 KB. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** Each whole line as it comes; for programs that take long. */
  readonly onLine?: (line: string) => void;
  /** Ends the program at once. */
  readonly signal?: AbortSignal | undefined;
}

const OUTPUT_CHARACTERS_MAX = 65_536;

/** Runs a program to its end. Throws when it cannot be started at all; any exit code is a result. */
export function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs,
      killSignal: "SIGKILL",
    });
    const end = () => child.kill("SIGKILL");
    options.signal?.addEventListener("abort", end, { once: true });
    let output = "";
    let rest = "";
    const take = (chunk: string): void => {
      output = (output + chunk).slice(-OUTPUT_CHARACTERS_MAX);
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) options.onLine?.(line);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("error", reject);
    child.once("close", (code) => {
      options.signal?.removeEventListener("abort", end);
      resolve({ code, output });
    });
  });
}

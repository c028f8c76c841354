export function processIdentity(pid: number): string | undefined;
export function processProgram(pid: number): string | undefined;

import { existsSync, readdirSync } from "node:fs";

/** Whether nothing is there, or a folder without anything in it. @throws Error, one line, when it is no folder */
export function isFree(path: string): boolean {
  try {
    return !existsSync(path) || readdirSync(path).length === 0;
  } catch {
    throw new Error(`${path} is no folder that can be read.`);
  }
}

/** Runs a command and says in one line why it could not. */
export function runCommand(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const reason =
      message === "fetch failed" ? `No deployment answers at ${process.env.CONVEX_SELF_HOSTED_URL}.` : message;
    console.error(`✗ ${reason || (error as { code?: string }).code}`);
    process.exitCode = 1;
  });
}

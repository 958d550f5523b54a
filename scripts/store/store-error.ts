/** A failure that an operator can set right (a port, a folder); the message is one line. */
export class StoreError extends Error {}

/**
 * Errors of the database engine's file system, by their number in WASI's `errno` (not the one of the machine's system).
 */
const FILE_ERRORS: Record<number, string> = {
  2: "permission denied",
  19: "the disk quota is used up",
  29: "the disk cannot be read or written",
  33: "too many files are open",
  41: "too many files are open",
  51: "the disk is full",
  63: "permission denied",
  69: "it can only be read",
};

/** The reason in one line, also of what the engine throws without being an Error. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message.replace(/\s+/g, " ").trim();
  if (typeof error !== "object" || error === null) return String(error);
  const { name = "error", errno, message } = error as { name?: string; errno?: number; message?: string };
  if (errno !== undefined) return FILE_ERRORS[errno] ?? `file error ${errno}`;
  return message ? `${name}: ${message}` : name;
}

import { parseArgs, type ParseArgsConfig } from "node:util";

/** `parseArgs` for a command with `--help`: a mistake throws one line that points there. `-h` is `--help` too. */
export function readArguments<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Error(`${(error as Error).message.replace(/\.$/, "")}; see --help.`);
  }
}

/** The option every command has. */
export const HELP_OPTION = { type: "boolean", short: "h", default: false } as const;

/** @throws Error, one line, unless the text is a whole number from `least` on. */
export function wholeNumber(option: string, text: string, least = 0): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < least)
    throw new Error(`${option} must be a whole number from ${least}, not "${text}".`);
  return value;
}

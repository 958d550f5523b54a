/**
 * Logs of one JSON object a line (`LOG_FORMAT=json`). Whatever is printed passes through here, that of other processes
 * and of libraries too; lines that are such objects already stay as they are.
 */
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";

type Level = "info" | "error";
type Stream = NodeJS.WriteStream;

/** Whether the environment asks for them. Throws one line when it asks for something else. */
export function wantsJsonLogs(environment: NodeJS.ProcessEnv = process.env): boolean {
  const format = environment.LOG_FORMAT || "text";
  if (format !== "text" && format !== "json") throw new Error(`LOG_FORMAT must be text or json, not "${format}".`);
  return format === "json";
}

/** One line of the log; null for a blank one. */
export function toJsonLine(line: string, level: Level, now = Date.now()): string | null {
  const text = stripVTControlCharacters(line).trim();
  if (text === "") return null;
  if (isEntry(text)) return text;
  return JSON.stringify({ time: new Date(now).toISOString(), level, message: text });
}

function isEntry(text: string): boolean {
  if (!text.startsWith("{")) return false;
  try {
    return typeof (JSON.parse(text) as { message?: unknown }).message === "string";
  } catch {
    return false;
  }
}

/** Cuts what is written into lines, the last of which may still go on. */
class Lines {
  #rest = "";

  constructor(private readonly take: (line: string) => void) {}

  add(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/);
    this.#rest = lines.pop()!;
    for (const line of lines) this.take(line);
  }

  end(): void {
    if (this.#rest !== "") this.take(this.#rest);
    this.#rest = "";
  }
}

const writers = new Map<Level, (text: string) => void>();

/** Turns everything that this process prints into JSON from here on. */
export function printAsJson(): void {
  takeOver(process.stdout, "info");
  takeOver(process.stderr, "error");
  // Node would print these by itself, past any stream.
  process.on("uncaughtException", (error) => {
    logAsJson("error", error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  });
}

function takeOver(stream: Stream, level: Level): void {
  const write = stream.write.bind(stream);
  const print = (line: string) => {
    const entry = toJsonLine(line, level);
    if (entry !== null) write(`${entry}\n`);
  };
  writers.set(level, (text) => void write(text));
  const lines = new Lines(print);
  process.once("exit", () => lines.end());
  stream.write = ((chunk: Uint8Array | string, encoding?: unknown, done?: unknown): boolean => {
    lines.add(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof callback === "function") queueMicrotask(callback as () => void);
    return true;
  }) as typeof stream.write;
}

/** Logs one entry, its text as one message however many lines it has. */
function logAsJson(level: Level, message: string): void {
  writers.get(level)?.(`${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`);
}

/** Prints what another process writes, a line at a time. */
export function passOn(stream: Readable | null, to: Stream): void {
  const lines = new Lines((line) => void to.write(`${line}\n`));
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => lines.add(text));
  stream?.on("end", () => lines.end());
}

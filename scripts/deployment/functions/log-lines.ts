/** console.* of user code: collecting, with the limits the hosted service has. */
export type LogLine = LogRecord["logLines"][number];

const MAX_LINE_LENGTH = 32_768;
const MAX_LINES = 256;

/** The lines of one execution, oldest first; what is over the limit is dropped and said so once. */
export class LogLines {
  readonly lines: LogLine[] = [];
  /** Called for each line as it comes; for actions, whose lines are streamed. */
  onLine: ((line: LogLine) => void) | null = null;

  /** Adds a line of values that were formatted where they are. */
  add(level: string, texts: readonly string[]): void {
    if (this.lines.length >= MAX_LINES) return;
    if (this.lines.length === MAX_LINES - 1) {
      this.#push("ERROR", [`Log overflow (maximum ${MAX_LINES}). Remaining log lines omitted.`], false);
      return;
    }
    const messages: string[] = [];
    let room = MAX_LINE_LENGTH;
    let isTruncated = false;
    for (let text of texts) {
      if (text.length > room) {
        text = text.slice(0, Math.max(room, 0));
        isTruncated = true;
      }
      room -= text.length;
      messages.push(text);
    }
    this.#push(level, messages, isTruncated);
  }

  /** Adds what a called function said. */
  append(other: LogLines): void {
    for (const { level, messages } of other.lines) this.add(level, messages);
  }

  /** The lines as clients see them: `[LOG] 'text' 1`. */
  texts(): string[] {
    return this.lines.map(
      (line) => `[${line.level}] ${line.messages.join(" ")}${line.isTruncated ? " (truncated due to length)" : ""}`,
    );
  }

  #push(level: string, messages: string[], isTruncated: boolean): void {
    const line: LogLine = { messages, level, timestamp: Date.now(), isTruncated };
    this.lines.push(line);
    this.onLine?.(line);
  }
}

export interface LogRecord {
  kind: "Completion" | "Progress";
  udfType: "Query" | "Mutation" | "Action" | "HttpAction";
  /** `module.js:function`, or `METHOD /path` for HTTP actions. */
  identifier: string;
  component: string;
  /** ms since the epoch. */
  timestamp: number;
  executionTimeMs: number;
  logLines: { messages: string[]; level: string; timestamp: number; isTruncated: boolean }[];
  success: boolean;
  error: string | null;
  /** It ended with what its caller can provoke and gets to see: a ConvexError or wrong arguments. */
  isRefusal: boolean;
  requestId: string;
  executionId: string;
  cached: boolean;
}

import type { AppRuntime } from "../functions";
import type { Commit, CommitWriter } from "../transactions";

/** Work with a transaction of its own in a batch. */
export interface CommitterJob {
  /** Times it was cut because the machine was busy, not because it took long. */
  retries: number;
  /** Whether even `finish` takes long, so that it runs outside the time limit. */
  readonly isLong?: boolean;
  /** User code: runs under the time limit. */
  execute(code: AppRuntime): void;
  /** Called when the time limit ended `execute`. */
  cut(code: AppRuntime, limitMs: number): void;
  /**
   * Adds the result to the group commit. Takes far less than half the time limit, and may still be cut when the machine
   * stalls: it touches only what is dropped with the batch. @returns the commits made.
   */
  finish(writer: CommitWriter): Commit[];
  /** Called when the batch is durable. */
  answer(): void;
  /** Called when the batch failed as a whole. */
  abandon(error: unknown): void;
}

/** A job's commit as the queries see it: one without writes invalidates nothing. */
export function listWithWrites(commit: Commit): Commit[] {
  return commit.writes.length > 0 ? [commit] : [];
}

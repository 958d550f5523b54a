/** Records of a file, and how it may be read. */
import type { Backslashes, Fields } from "./delimited";
import type { Decimals } from "./figures";
import type { Missing } from "./missing";

/** One record of the file; `line` is where it begins, from 1 (of a JSON array: its position). */
export type SourceRecord = { line: number; value: unknown } | { line: number; problem: string };

export interface SourceOptions {
  fields: Fields;
  /** How the file writes decimals, where that is known. */
  decimals?: Decimals | undefined;
  /** Its encoding, where that is known. */
  encoding?: string | undefined;
  /** Its backslashes, where that is known. */
  backslashes?: Backslashes | undefined;
  /** The meaning of a bare NA, where that is known. */
  missing?: Exclude<Missing, "ask"> | undefined;
}

export interface Opened {
  /** In words. */
  shape?: string | null;
  records: AsyncIterable<SourceRecord>;
}

/** Lines or records from which a file's separator and numbers are told. */
export const SAMPLE_SIZE = 1_000;

import { getErrorData, invalid, type ErrorCode } from "./errors";

/**
 * Errors that REST answers with 400, 413 and 415 have one code over the live protocol (convex/README, "The way of a
 * change").
 */
const WRONG_INPUT: readonly ErrorCode[] = ["VALIDATION", "TOO_LARGE", "UNSUPPORTED_TYPE"];

/**
 * Runs `work`. What it refuses for its input is `VALIDATION` over the live protocol; a refusal that names no field may
 * say by `about` which one it concerns.
 */
export async function inLiveTerms<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const data = getErrorData(error);
    if (!data || !WRONG_INPUT.includes(data.code) || data.code === "VALIDATION") throw error;
    throw invalid(data.fields ?? (data.about === undefined ? {} : { [data.about]: [data.message] }), data.message);
  }
}

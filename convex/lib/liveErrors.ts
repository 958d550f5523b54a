import { errorData, invalid, type ErrorCode } from "./errors";

/** Errors that REST answers with 400, 413 and 415 have one code over the live protocol (README, "Live functions"). */
const WRONG_INPUT: readonly ErrorCode[] = ["VALIDATION", "TOO_LARGE", "UNSUPPORTED_TYPE"];

/**
 * Names what a model found wrong as the live functions do: `VALIDATION`, with fields in camelCase. Passes on what
 * `work` gives or throws otherwise.
 *
 * @param about the field that a refusal which names none is about
 */
export async function inLiveTerms<Result>(work: Promise<Result>, about?: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const data = errorData(error);
    if (!data || !WRONG_INPUT.includes(data.code)) throw error;
    const named = Object.entries(data.fields ?? {}).map(
      ([name, reasons]) => [name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), reasons] as const,
    );
    if (named.length > 0) throw invalid(Object.fromEntries(named));
    if (data.code === "VALIDATION" || about === undefined) throw invalid({}, data.message);
    throw invalid({ [about]: [data.message] });
  }
}

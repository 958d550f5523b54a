import { AppError, errorData } from "../../lib/errors";

/** The models name fields as the live functions do; REST names them in snake_case. Passes on what `work` gives or throws. */
export async function inWireNames<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const data = errorData(error);
    const named = Object.entries(data?.fields ?? {}).map(
      ([name, reasons]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), reasons] as const,
    );
    const [first] = named;
    if (!data || !first) throw error;
    throw new AppError(data.code, `${first[0]}: ${first[1][0]}`, { fields: Object.fromEntries(named) });
  }
}

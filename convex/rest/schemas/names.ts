/** The names of the wire: what the domains call `maxParticipants` is `max_participants` in a request and an answer. */
import { AppError, getErrorData, getFirstReason, type FieldErrors } from "../../lib/errors";

/** `maxParticipants` as `max_participants`. */
export const toWireName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Runs `work`. What it refuses names its fields as the wire does. */
export async function inWireNames<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const data = getErrorData(error);
    if (!data?.fields || Object.keys(data.fields).length === 0) throw error;
    const fields: FieldErrors = Object.fromEntries(
      Object.entries(data.fields).map(([name, reasons]) => [toWireName(name), reasons]),
    );
    const { code, message, ...facts } = data;
    const named = message === getFirstReason(data.fields) ? getFirstReason(fields) : message;
    throw new AppError(code, named, { ...facts, fields });
  }
}

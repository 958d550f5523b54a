/**
 * Keeps what Node notes on promises out of what is printed of them. To follow actions through their promises it gives
 * each one the ids of its work and the request that it belongs to, as properties that `inspect` shows.
 */
import { inspect, type InspectOptions } from "node:util";

const NOTED = new Set(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"]);

/** @param PromiseClass of the realm whose promises are printed */
export function hidePromiseNotes(PromiseClass: PromiseConstructor): void {
  const prototype: object = PromiseClass.prototype;
  Object.defineProperty(prototype, inspect.custom, {
    value: inspectPromise,
    writable: true,
    configurable: true,
  });
}

function inspectPromise(this: unknown, _depth: number, options: InspectOptions): string {
  const promise = this as object;
  for (const key of Object.getOwnPropertySymbols(promise))
    if (NOTED.has(key.description ?? "")) Object.defineProperty(promise, key, { enumerable: false });
  return inspect(promise, { ...options, customInspect: false });
}

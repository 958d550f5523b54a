import type { Kv } from "./kv";

const META = "m\0meta/";

export function openMetaStore(kv: Kv): MetaStore {
  const keyOf = (key: string) => Buffer.from(META + key);
  const inTransaction = (work: () => void) => (kv.writing ? work() : kv.transaction(work));
  return {
    get: (key) => kv.getText(keyOf(key)) ?? null,
    put: (key, value) => inTransaction(() => kv.put(keyOf(key), Buffer.from(value))),
    delete: (key) => inTransaction(() => kv.remove(keyOf(key))),
    *list(prefix) {
      const start = keyOf(prefix);
      const end = Buffer.concat([start, Buffer.from([0xff])]);
      for (const key of kv.keys(start, end, false, 1_000_000)) {
        const value = kv.getText(key);
        if (value !== undefined) yield [key.toString("utf8").slice(META.length), value];
      }
    },
  };
}

export interface MetaStore {
  get(key: string): string | null;
  /** Inside a group commit it joins its transaction; outside it is a durable one of its own. */
  put(key: string, value: string): void;
  delete(key: string): void;
  list(prefix: string): Iterable<[key: string, value: string]>;
}

/**
 * The parts of JavaScript that Node 20 lacks and the hosted platform's V8 has. Pushed code is bundled for them: the CLI
 * itself writes `Uint8Array.fromBase64` for an imported `.wasm` file.
 */

import { Float16Array, getFloat16, setFloat16 } from "@petamoriken/float16";

/** Runs in a fresh context, whose own built-in classes it completes. */
export const MODERN_SOURCE = String.raw`"use strict";
(() => {
const g = globalThis;
const complete = (target, methods) => {
  for (const name of Reflect.ownKeys(methods))
    if (!Object.hasOwn(target, name))
      Object.defineProperty(target, name, { value: methods[name], writable: true, configurable: true });
};

complete(Promise, {
  withResolvers() {
    let resolve, reject;
    const promise = new this((done, failed) => { resolve = done; reject = failed; });
    return { promise, resolve, reject };
  },
  try(work, ...args) { return new this((resolve) => resolve(work(...args))); },
});
complete(Math, {
  f16round(value) {
    const view = new DataView(new ArrayBuffer(2));
    view.setFloat16(0, value);
    return view.getFloat16(0);
  },
});
complete(RegExp, {
  escape(text) {
    if (typeof text !== "string") throw new TypeError("RegExp.escape: the argument must be a string.");
    const named = { "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r" };
    const hex = (char) => {
      const digits = char.charCodeAt(0).toString(16);
      return named[char] ?? (digits.length > 2 ? "\\u" + digits.padStart(4, "0") : "\\x" + digits.padStart(2, "0"));
    };
    return text
      .replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&")
      .replace(/[,\-=<>#&!%:;@~'"\x60\s]/g, hex)
      .replace(/^[0-9A-Za-z]/, hex);
  },
});
complete(Error, {
  isError: (value) => Object.prototype.toString.call(value) === "[object Error]",
});
complete(Object, {
  groupBy(items, keyOf) {
    const groups = Object.create(null);
    let index = 0;
    for (const item of items) {
      const key = keyOf(item, index++);
      (groups[typeof key === "symbol" ? key : String(key)] ??= []).push(item);
    }
    return groups;
  },
});
complete(Map, {
  groupBy(items, keyOf) {
    const groups = new Map();
    let index = 0;
    for (const item of items) groups.getOrInsertComputed(keyOf(item, index++), () => []).push(item);
    return groups;
  },
});
for (const target of [Map.prototype, WeakMap.prototype]) complete(target, {
  getOrInsert(key, value) { return this.getOrInsertComputed(key, () => value); },
  getOrInsertComputed(key, make) {
    if (!this.has(key)) this.set(key, make(key));
    return this.get(key);
  },
});
complete(Array, {
  async fromAsync(items, map, thisArg) {
    const result = [];
    const add = async (item) =>
      void result.push(map === undefined ? item : await map.call(thisArg, item, result.length));
    if (items[Symbol.asyncIterator] !== undefined || items[Symbol.iterator] !== undefined) {
      for await (const item of items) await add(item);
    } else {
      for (let index = 0; index < items.length; index++) await add(await items[index]);
    }
    return result;
  },
});

const list = (other) => ({ [Symbol.iterator]: () => other.keys() });
complete(Set.prototype, {
  union(other) { return new Set([...this, ...list(other)]); },
  intersection(other) { return new Set([...this].filter((item) => other.has(item))); },
  difference(other) { return new Set([...this].filter((item) => !other.has(item))); },
  symmetricDifference(other) {
    const result = new Set(this);
    for (const item of list(other)) if (this.has(item)) result.delete(item); else result.add(item);
    return result;
  },
  isSubsetOf(other) { return [...this].every((item) => other.has(item)); },
  isSupersetOf(other) { return [...list(other)].every((item) => this.has(item)); },
  isDisjointFrom(other) { return ![...this].some((item) => other.has(item)); },
});

if (g.Iterator === undefined) {
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  function Iterator() {
    if (new.target === undefined || new.target === Iterator)
      throw new TypeError("Abstract class Iterator not directly constructable");
  }
  Object.defineProperty(Iterator, "prototype", { value: prototype });
  Object.defineProperty(g, "Iterator", { value: Iterator, writable: true, configurable: true });
  const open = (items) => items[Symbol.iterator]?.() ?? items;
  const mustCount = (count) => {
    if (!(Number(count) >= 0)) throw new RangeError(count + " must be positive");
  };
  function* step(items, each) {
    let index = 0;
    for (const item of items) {
      const made = each(item, index++);
      if (made !== undefined) yield* made;
    }
  }
  const over = (iterator) => ({ [Symbol.iterator]: () => iterator });
  function* taken(iterator, count) {
    if (count === 0) { iterator.return?.(); return; }
    for (const item of over(iterator)) {
      yield item;
      if (--count === 0) return;
    }
  }
  function* wrapped(iterator) { yield* over(iterator); }
  complete(Iterator, { from: (items) => (items instanceof Iterator ? items : wrapped(open(items))) });
  complete(prototype, {
    map(make) { return step(over(this), (item, index) => [make(item, index)]); },
    filter(keeps) { return step(over(this), (item, index) => (keeps(item, index) ? [item] : undefined)); },
    flatMap(make) { return step(over(this), (item, index) => over(open(make(item, index)))); },
    drop(count) {
      mustCount(count);
      return step(over(this), (item, index) => (index < count ? undefined : [item]));
    },
    take(count) { mustCount(count); return taken(this, Math.trunc(count)); },
    toArray() { return [...over(this)]; },
    forEach(work) { let index = 0; for (const item of over(this)) work(item, index++); },
    some(test) { let index = 0; for (const item of over(this)) if (test(item, index++)) return true; return false; },
    every(test) { let index = 0; for (const item of over(this)) if (!test(item, index++)) return false; return true; },
    find(test) { let index = 0; for (const item of over(this)) if (test(item, index++)) return item; },
    reduce(join, ...start) {
      let index = 0;
      let [result] = start;
      for (const item of over(this)) {
        result = index === 0 && start.length === 0 ? item : join(result, item, index);
        index++;
      }
      if (index === 0 && start.length === 0) throw new TypeError("Reduce of a done iterator with no initial value");
      return result;
    },
    [Symbol.toStringTag]: "Iterator",
  });
}
})();`;

const ALPHABETS = { base64: /^[A-Za-z0-9+/]*$/, base64url: /^[A-Za-z0-9_-]*$/ };

interface Base64Options {
  alphabet?: keyof typeof ALPHABETS;
  omitPadding?: boolean;
}

function decodeBase64(text: string, { alphabet = "base64" }: Base64Options = {}): Uint8Array {
  const digits = text.replace(/[\t\n\f\r ]+/g, "").replace(/={1,2}$/, "");
  if (!ALPHABETS[alphabet].test(digits) || digits.length % 4 === 1) throw new SyntaxError("The string is not base64.");
  return new Uint8Array(Buffer.from(digits, alphabet));
}

function decodeHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new SyntaxError("The string is not hexadecimal.");
  return new Uint8Array(Buffer.from(text, "hex"));
}

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function encodeBase64(bytes: Uint8Array, { alphabet = "base64", omitPadding = false }: Base64Options = {}): string {
  const text = view(bytes).toString("base64");
  const digits = omitPadding ? text.replace(/=+$/, "") : text;
  return alphabet === "base64" ? digits : digits.replaceAll("+", "-").replaceAll("/", "_");
}

/** Completes the classes that all contexts share with the host, and adds to `shared` the one that is missing. */
export function completeSharedClasses(shared: Record<string, unknown>): void {
  shared.Float16Array ??= (globalThis as { Float16Array?: unknown }).Float16Array ?? Float16Array;
  define(DataView.prototype, "getFloat16", function (this: DataView, at: number, isLittleEndian?: boolean) {
    return getFloat16(this, at, isLittleEndian);
  });
  define(DataView.prototype, "setFloat16", function (this: DataView, at: number, value: number, isLittle?: boolean) {
    setFloat16(this, at, value, isLittle);
  });
  define(Uint8Array, "fromBase64", decodeBase64);
  define(Uint8Array, "fromHex", decodeHex);
  define(Uint8Array.prototype, "toBase64", function (this: Uint8Array, options?: Base64Options) {
    return encodeBase64(this, options);
  });
  define(Uint8Array.prototype, "toHex", function (this: Uint8Array) {
    return view(this).toString("hex");
  });
}

function define(target: object, name: string, value: unknown): void {
  if (!Object.hasOwn(target, name)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

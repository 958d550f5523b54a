/** Evaluates to a `structuredClone` that makes objects of the realm in which it runs. */
export const CLONE_SOURCE = String.raw`((transferBuffer) => {
"use strict";
const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
const refuse = (what) => { throw new DOMException(what + " could not be cloned.", "DataCloneError"); };
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** A copy of what is not a plain object or list; undefined for those. */
function copyBuiltIn(value, copy, keep) {
  if (ArrayBuffer.isView(value)) {
    const buffer = copy(value.buffer);
    const length = value instanceof DataView ? value.byteLength : value.length;
    return keep(new value.constructor(buffer, value.byteOffset, length));
  }
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  switch (tagOf(value)) {
    case "Date": return keep(new Date(value.getTime()));
    case "RegExp": return keep(new RegExp(value.source, value.flags));
    case "Boolean": case "Number": case "String": case "BigInt": return keep(Object(value.valueOf()));
    case "Map": {
      const map = keep(new Map());
      for (const [key, item] of [...value]) map.set(copy(key), copy(item));
      return map;
    }
    case "Set": {
      const set = keep(new Set());
      for (const item of [...value]) set.add(copy(item));
      return set;
    }
    case "Error": {
      const own = (name) => Object.hasOwn(value, name);
      const Class = Object.hasOwn(ERRORS, value.name) ? ERRORS[value.name] : Error;
      const made = keep(new Class(own("message") ? String(value.message) : undefined));
      if (own("stack")) Object.defineProperty(made, "stack", { value: String(value.stack), writable: true, configurable: true });
      if (own("cause")) Object.defineProperty(made, "cause", { value: copy(value.cause), writable: true, configurable: true });
      return made;
    }
    case "Blob": return keep(value.slice(0, value.size, value.type));
    case "File": return keep(new File([value], value.name, { type: value.type, lastModified: value.lastModified }));
    case "WeakMap": case "WeakSet": case "WeakRef": case "Promise": case "Generator": return refuse("#<" + tagOf(value) + ">");
  }
}

return function structuredClone(value, options) {
  if (arguments.length === 0) throw new TypeError("structuredClone: a value is required.");
  const transferred = new Map();
  for (const buffer of options?.transfer ?? []) {
    if (!(buffer instanceof ArrayBuffer)) refuse("A value that cannot be transferred");
    transferred.set(buffer, null);
  }
  const copies = new Map();
  const copy = (from) => {
    if (typeof from === "symbol") return refuse(String(from));
    if (typeof from === "function") return refuse(String(from).slice(0, 80));
    if (typeof from !== "object" || from === null) return from;
    if (copies.has(from)) return copies.get(from);
    const keep = (made) => { copies.set(from, made); return made; };
    if (transferred.has(from)) return keep(transferBuffer(from));
    const builtIn = copyBuiltIn(from, copy, keep);
    if (builtIn !== undefined) return builtIn;
    const made = keep(Array.isArray(from) ? new Array(from.length) : {});
    for (const key of Object.keys(from)) made[key] = copy(from[key]);
    return made;
  };
  const result = copy(value);
  for (const buffer of transferred.keys()) if (!copies.has(buffer)) transferBuffer(buffer);
  return result;
};
})`;

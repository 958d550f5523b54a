/**
 * Convex values in their JSON form: order-preserving key encoding, field access, size.
 * Order (convex/values compareValues): undefined < null < int64 < float64 < boolean < string < bytes < array < object;
 * floats in IEEE total order, strings by UTF-8.
 */
import type { Json, JsonObject } from "./json";

const TAG = {
  undefined: 1,
  null: 2,
  int64: 3,
  float64: 4,
  false: 5,
  true: 6,
  string: 7,
  bytes: 8,
  array: 9,
  object: 10,
};
const END = 0;
const ESCAPED_ZERO = 0xff;

/** A growing byte buffer, reused for every key. */
class KeyWriter {
  #buffer = Buffer.allocUnsafe(512);
  #length = 0;

  reset(): this {
    this.#length = 0;
    return this;
  }

  take(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }

  writeByte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  writeFloat(value: number): void {
    this.#reserve(8);
    const at = this.#length;
    this.#buffer.writeDoubleBE(value, at);
    // Negative numbers sort reversed, so all their bits flip; positive ones only need to sort above them.
    if (this.#buffer[at]! & 0x80) for (let i = at; i < at + 8; i++) this.#buffer[i] = ~this.#buffer[i]! & 0xff;
    else this.#buffer[at] = this.#buffer[at]! ^ 0x80;
    this.#length += 8;
  }

  writeInt64(littleEndian: Buffer): void {
    this.#reserve(8);
    for (let i = 7; i >= 0; i--) this.#buffer[this.#length++] = littleEndian[i] ?? 0;
    this.#buffer[this.#length - 8] = this.#buffer[this.#length - 8]! ^ 0x80;
  }

  writeText(value: string): void {
    this.#reserve(value.length * 3 + 1);
    const written = this.#buffer.write(value, this.#length, "utf8");
    const end = this.#length + written;
    if (this.#buffer.subarray(this.#length, end).indexOf(0) < 0) this.#length = end;
    else this.#escaped(Buffer.from(this.#buffer.subarray(this.#length, end)));
    this.#terminate();
  }

  writeBytes(value: Uint8Array): void {
    this.#escaped(value);
    this.#terminate();
  }

  /** A zero within is followed by 0xff, the end by 1: no string's key is a prefix of another's. */
  #terminate(): void {
    this.writeByte(END);
    this.writeByte(1);
  }

  #escaped(value: Uint8Array): void {
    this.#reserve(value.length * 2 + 1);
    for (const byte of value) {
      this.#buffer[this.#length++] = byte;
      if (byte === 0) this.#buffer[this.#length++] = ESCAPED_ZERO;
    }
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

const writer = new KeyWriter();

/** Encodes a tuple of values; `undefined` is an absent field. Byte order equals value order. */
export function encodeKey(values: readonly (Json | undefined)[]): Buffer {
  writer.reset();
  for (const value of values) encodeValue(value);
  return writer.take();
}

function encodeValue(value: Json | undefined): void {
  if (value === undefined) return writer.writeByte(TAG.undefined);
  if (value === null) return writer.writeByte(TAG.null);
  switch (typeof value) {
    case "boolean":
      return writer.writeByte(value ? TAG.true : TAG.false);
    case "number":
      writer.writeByte(TAG.float64);
      return writer.writeFloat(value);
    case "string":
      writer.writeByte(TAG.string);
      return writer.writeText(value);
  }
  if (Array.isArray(value)) {
    writer.writeByte(TAG.array);
    for (const item of value) encodeValue(item);
    return writer.writeByte(END);
  }
  if (value.$commitTs === null) return encodeSpecial("$integer", MAX_INT64);
  const special = findSpecialKind(value);
  if (special) return encodeSpecial(special, value[special] as string);
  writer.writeByte(TAG.object);
  for (const key of Object.keys(value).sort(compareText)) {
    writer.writeByte(TAG.string);
    writer.writeText(key);
    encodeValue(value[key]);
  }
  writer.writeByte(END);
}

/** A commit time that is not known yet sorts after all that are. */
const MAX_INT64 = Buffer.from([255, 255, 255, 255, 255, 255, 255, 127]).toString("base64");

type Special = "$integer" | "$bytes" | "$float";

function findSpecialKind(value: JsonObject): Special | null {
  if (typeof value.$integer === "string") return "$integer";
  if (typeof value.$bytes === "string") return "$bytes";
  return typeof value.$float === "string" ? "$float" : null;
}

function encodeSpecial(kind: Special, base64: string): void {
  const bytes = Buffer.from(base64, "base64");
  if (kind === "$integer") {
    writer.writeByte(TAG.int64);
    return writer.writeInt64(bytes);
  }
  if (kind === "$float") {
    writer.writeByte(TAG.float64);
    return writer.writeFloat(bytes.readDoubleLE(0));
  }
  writer.writeByte(TAG.bytes);
  writer.writeBytes(bytes);
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Negative, zero or positive, as values order. */
export const compareValues = (a: Json | undefined, b: Json | undefined): number =>
  Buffer.compare(encodeKey([a]), encodeKey([b]));

/** The smallest key above every key that starts with `prefix`, or null when there is none. */
export function findPrefixEnd(prefix: Uint8Array): Buffer | null {
  for (let i = prefix.length - 1; i >= 0; i--) {
    if (prefix[i] === 0xff) continue;
    const end = Buffer.from(prefix.subarray(0, i + 1));
    end[i]!++;
    return end;
  }
  return null;
}

/** The smallest key above `key`: ends the interval that holds exactly it. */
export function makeSuccessor(key: Uint8Array): Buffer {
  const next = Buffer.allocUnsafe(key.length + 1);
  next.set(key);
  next[key.length] = 0;
  return next;
}

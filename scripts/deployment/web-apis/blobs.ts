/**
 * Evaluates to blobs, files and forms that keep their bytes at hand, so that reading them takes no turn of the event
 * loop.
 */
export const BLOBS_SOURCE = String.raw`((define, support) => {
"use strict";
const encoder = new TextEncoder();
const decoder = () => new TextDecoder();
/** The bytes of blobs. */
const contents = new WeakMap();
const isBytes = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
const copyBytes = (value) =>
  ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice()
    : new Uint8Array(value).slice();
const readPart = (part) =>
  contents.get(part) ?? (isBytes(part) ? copyBytes(part) : encoder.encode(String(part)));
function join(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
const toType = (type) => (/^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : "");

class Blob {
  #type;
  constructor(parts = [], options = {}) {
    if (parts === null || typeof parts !== "object" || typeof parts[Symbol.iterator] !== "function")
      throw new TypeError("Blob: the parts must be a sequence.");
    contents.set(this, join([...parts].map(readPart)));
    this.#type = toType(String(options?.type ?? ""));
  }
  get size() { return contents.get(this).length; }
  get type() { return this.#type; }
  async arrayBuffer() { return contents.get(this).slice().buffer; }
  async bytes() { return contents.get(this).slice(); }
  async text() { return decoder().decode(contents.get(this)); }
  stream() { return support.streamBytes(contents.get(this).slice()); }
  slice(start = 0, end = this.size, type = "") {
    return new Blob([contents.get(this).slice(start, end)], { type });
  }
  get [Symbol.toStringTag]() { return "Blob"; }
}
class File extends Blob {
  #name;
  #lastModified;
  constructor(parts, name, options) {
    if (arguments.length < 2) throw new TypeError("File: parts and name are required.");
    super(parts, options);
    this.#name = String(name);
    this.#lastModified = options?.lastModified === undefined ? Date.now() : Math.trunc(Number(options.lastModified)) || 0;
  }
  get name() { return this.#name; }
  get lastModified() { return this.#lastModified; }
  get webkitRelativePath() { return ""; }
  get [Symbol.toStringTag]() { return "File"; }
}

const toEntry = (name, value, fileName) => {
  if (!(value instanceof Blob)) {
    if (fileName !== undefined) throw new TypeError("FormData: a file name needs a Blob.");
    return [String(name), String(value)];
  }
  if (value instanceof File && fileName === undefined) return [String(name), value];
  const modified = value instanceof File ? { lastModified: value.lastModified } : {};
  return [String(name), new File([value], fileName ?? "blob", { type: value.type, ...modified })];
};
class FormData {
  #entries = [];
  append(...entry) { this.#entries.push(toEntry(...entry)); }
  set(...given) {
    const entry = toEntry(...given);
    const at = this.#entries.findIndex(([name]) => name === entry[0]);
    if (at < 0) return void this.#entries.push(entry);
    this.#entries = this.#entries.filter(([name], index) => name !== entry[0] || index === at);
    this.#entries[at] = entry;
  }
  delete(name) { this.#entries = this.#entries.filter(([known]) => known !== String(name)); }
  get(name) { return this.#entries.find(([known]) => known === String(name))?.[1] ?? null; }
  getAll(name) { return this.#entries.filter(([known]) => known === String(name)).map(([, value]) => value); }
  has(name) { return this.#entries.some(([known]) => known === String(name)); }
  forEach(each, thisArg) { for (const [name, value] of this) each.call(thisArg, value, name, this); }
  *entries() { for (const [name, value] of this.#entries) yield [name, value]; }
  *keys() { for (const [name] of this.#entries) yield name; }
  *values() { for (const [, value] of this.#entries) yield value; }
  [Symbol.iterator]() { return this.entries(); }
  get [Symbol.toStringTag]() { return "FormData"; }
}
define("Blob", Blob);
define("File", File);
define("FormData", FormData);

// ---- multipart/form-data
const escapeName = (name) => name.replace(/\r\n|\r|\n/g, "%0D%0A").replaceAll('"', "%22");
const unescapeName = (name) => name.replaceAll("%0D%0A", "\r\n").replaceAll("%22", '"');
const toLines = (text) => text.replace(/\r\n|\r|\n/g, "\r\n");
function writeForm(form) {
  const boundary = "----formdata-" + support.randomName();
  const parts = [];
  for (const [name, value] of form) {
    const head = "--" + boundary + '\r\nContent-Disposition: form-data; name="' + escapeName(name) + '"';
    if (typeof value === "string") parts.push(encoder.encode(head + "\r\n\r\n" + toLines(value) + "\r\n"));
    else
      parts.push(
        encoder.encode(head + '; filename="' + escapeName(value.name) + '"\r\nContent-Type: ' + (value.type || "application/octet-stream") + "\r\n\r\n"),
        contents.get(value),
        encoder.encode("\r\n"),
      );
  }
  parts.push(encoder.encode("--" + boundary + "--\r\n"));
  return { bytes: join(parts), type: "multipart/form-data; boundary=" + boundary };
}
function findBytes(bytes, wanted, from) {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  return -1;
}
function readMultipart(bytes, boundary) {
  const form = new FormData();
  const wrong = () => new TypeError("The body is not multipart/form-data.");
  const mark = encoder.encode("\r\n--" + boundary);
  const blank = encoder.encode("\r\n\r\n");
  const whole = join([encoder.encode("\r\n"), bytes]);
  let at = findBytes(whole, mark, 0);
  if (at < 0) throw wrong();
  for (;;) {
    at += mark.length;
    if (whole[at] === 45 && whole[at + 1] === 45) return form;
    const headEnd = findBytes(whole, blank, at);
    const end = headEnd < 0 ? -1 : findBytes(whole, mark, headEnd + 2);
    if (end < 0) throw wrong();
    const head = decoder().decode(whole.subarray(at, headEnd + 2));
    const name = /^content-disposition:\s*form-data\b.*?[;\s]name="([^"]*)"/im.exec(head);
    if (name === null) throw wrong();
    const content = whole.slice(headEnd + blank.length, Math.max(headEnd + blank.length, end));
    const fileName = /^content-disposition:.*?;\s*filename="([^"]*)"/im.exec(head);
    const type = /^content-type:[ \t]*([^\r\n]*)/im.exec(head);
    if (fileName === null) form.append(unescapeName(name[1]), decoder().decode(content));
    else
      form.append(unescapeName(name[1]), new File([content], unescapeName(fileName[1]), { type: type ? type[1].trim() : "text/plain" }));
    at = end;
  }
}
function readForm(bytes, contentType) {
  if (/^multipart\/form-data\b/i.test(contentType)) {
    const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
    if (boundary === null) throw new TypeError("The content type of the form has no boundary.");
    return readMultipart(bytes, boundary[1] ?? boundary[2]);
  }
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType))
    throw new TypeError("The content type is not that of a form: " + (contentType || "(none)"));
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(decoder().decode(bytes))) form.append(name, value);
  return form;
}
return { contents, isBytes, copyBytes, join, writeForm, readForm };
})`;

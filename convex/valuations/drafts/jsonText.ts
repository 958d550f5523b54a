/**
 * JSON as text, taken apart and merged without ever becoming JavaScript values: numbers keep every digit, keys their
 * order, strings their escapes. Every text given here must have passed `JSON.parse`.
 */

/** Compact text, or the members of an object by key, each with its key as it was written. */
type Node = string | Members;
type Members = Map<string, readonly [key: string, value: Node]>;

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /[^ \t\n\r,\]}]+/y;

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  value(): Node {
    switch (this.peek()) {
      case "{":
        return this.object();
      case "[":
        return this.array();
      case '"':
        return this.string();
      default:
        return this.match(SCALAR);
    }
  }

  private object(): Members {
    const members: Members = new Map();
    this.at++;
    while (this.peek() !== "}") {
      if (this.peek() === ",") this.at++;
      this.peek();
      const key = this.string();
      this.peek();
      this.at++;
      // The last of two equal keys counts, as in JSON.parse.
      members.set(JSON.parse(key) as string, [key, this.value()]);
    }
    this.at++;
    return members;
  }

  private array(): string {
    return `[${this.items().join(",")}]`;
  }

  /** The items of the array that begins here. */
  items(): string[] {
    const items: string[] = [];
    this.at++;
    while (this.peek() !== "]") {
      if (this.peek() === ",") this.at++;
      items.push(toText(this.value()));
    }
    this.at++;
    return items;
  }

  private string(): string {
    const from = this.at;
    for (let end = this.text.indexOf('"', from + 1); ; end = this.text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (this.text[end - 1 - slashes] === "\\") slashes++;
      if (slashes % 2 === 1) continue;
      this.at = end + 1;
      return this.text.slice(from, this.at);
    }
  }

  /** The next character that is no white space. */
  private peek(): string | undefined {
    if (this.text.charCodeAt(this.at) <= 32) this.match(SPACE);
    return this.text[this.at];
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }
}

const read = (text: string): Node => new Reader(text).value();
const toText = (node: Node): string =>
  typeof node === "string"
    ? node
    : `{${Array.from(node.values(), ([key, value]) => `${key}:${toText(value)}`).join(",")}}`;

/** Removes white space between tokens, and keys that a later one replaces. */
export const compact = (text: string): string => toText(read(text));

/** The members of a JSON object, each as compact text, by key. */
export function membersOf(text: string): Map<string, string> {
  const node = read(text);
  return new Map(typeof node === "string" ? [] : Array.from(node, ([key, [, value]]) => [key, toText(value)]));
}

/** The items of a JSON array, each as compact text. */
export const itemsOf = (text: string): string[] => new Reader(text.trimStart()).items();

/**
 * JSON merge patch (RFC 7396, section 2) of texts: objects merge key by key, null removes, anything else replaces. A
 * `target` of null is an absent one. Keys such as `__proto__` are keys like any other.
 */
export const mergePatch = (target: string | null, patch: string): string =>
  toText(mergeValues(target === null ? undefined : read(target), read(patch)));

function mergeValues(target: Node | undefined, patch: Node): Node {
  if (typeof patch === "string") return patch;
  const members: Members = new Map(typeof target === "object" ? target : []);
  for (const [name, [key, value]] of patch) {
    if (value === "null") members.delete(name);
    else members.set(name, [key, mergeValues(members.get(name)?.[1], value)]);
  }
  return members;
}

/** Texts of errors without what belongs to somebody, and what makes two of them the same kind. */
import { clipped } from "../lib/text";

const MESSAGE_MAX = 500;
const SAMPLE_MAX = 4_000;

/** Whatever may name a person or open something, and what stands in its place. The order matters. */
const PERSONAL: [RegExp, string][] = [
  [/(https?:\/\/[^\s?#)"']+)[?#][^\s)"']*/g, "$1"],
  [/[^\s@<>"'(]+@[^\s@<>"')]+\.[^\s@<>"').,;:]+/g, "<email>"],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b(?:SessionID|Bearer)\s+[^\s,;"']+/gi, "<credential>"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, "<address>"],
  [/(?<![\w/.-])[\w-]{24,}(?![\w/])/g, "<token>"],
  [/\d{6,}/g, "<number>"],
];

export const withoutPersons = (text: string): string =>
  PERSONAL.reduce((rest, [pattern, placeholder]) => rest.replace(pattern, placeholder), text);

export type RawError = { name: string; message: string; stack?: string | undefined };
export type CleanError = { name: string; message: string; sample: string; where: string };

/** An error as it is kept. */
export function cleanError({ name, message, stack }: RawError): CleanError {
  const text = clipped(withoutPersons(message), MESSAGE_MAX);
  const frames = withoutPersons(stack ?? "");
  return {
    name: clipped(withoutPersons(name), 100) || "Error",
    message: text,
    sample: clipped(frames.includes(text) && text !== "" ? frames : `${text}\n${frames}`.trim(), SAMPLE_MAX),
    where: findFrame(frames),
  };
}

/** The innermost frame, without the line, which moves with every release. */
function findFrame(stack: string): string {
  const frame = stack.split("\n").find((line) => /^\s*at |@.*:\d+:\d+/.test(line)) ?? "";
  return clipped(
    frame
      .trim()
      .replace(/:\d+:\d+/g, "")
      .replace(/-[\w-]{8}\.js/g, ".js"),
    200,
  );
}

/** The same for errors of one kind: numbers and quoted values do not count. */
export const toKind = (source: string, { name, message, where }: CleanError): string =>
  JSON.stringify([source, name, message.replace(/\d+/g, "0").replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "…"), where]);

/** Header fields as text. Their bytes arrive as a character each, up to U+00FF, in whatever encoding. Pure. */

const BYTES_ONLY = /^[\0-\xff]*$/;

/** The text of a header's value: UTF-8 where its bytes are that, as most senders write, else Latin-1. */
export function readHeaderText(value: string): string {
  if (!BYTES_ONLY.test(value)) return value;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(value, (letter) => letter.charCodeAt(0)),
    );
  } catch {
    return value;
  }
}

/** Small files of every kind that may be shared, and of some that may not. */
import { strToU8, zipSync } from "fflate";

export const bytesOf = (...parts: (string | Uint8Array)[]): Uint8Array<ArrayBuffer> => {
  const each = parts.map((part) =>
    typeof part === "string" ? Uint8Array.from(part, (letter) => letter.charCodeAt(0)) : part,
  );
  const whole = new Uint8Array(each.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of each) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const office = (folder: string) =>
  bytesOf(
    zipSync({
      "[Content_Types].xml": strToU8("<Types/>"),
      "_rels/.rels": strToU8("<Relationships/>"),
      [`${folder}/content.xml`]: strToU8("<content>text</content>"),
    }),
  );

export const pdf = bytesOf("%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n");
export const png = bytesOf("\x89PNG\r\n\x1a\n", new Uint8Array(32));
export const docx = office("word");
// In two parts, so that scanners do not take this file for it.
export const eicar = bytesOf(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join(""));
const jpeg = bytesOf("\xff\xd8\xff\xe0", new Uint8Array(32));

export const SAMPLES: Record<string, Uint8Array<ArrayBuffer>> = {
  pdf,
  png,
  jpg: jpeg,
  jpeg,
  gif: bytesOf("GIF89a", new Uint8Array(20)),
  webp: bytesOf("RIFF", new Uint8Array(4), "WEBPVP8 ", new Uint8Array(20)),
  txt: new TextEncoder().encode("Über Brüche\n"),
  md: new TextEncoder().encode("# Fractions\n"),
  csv: new TextEncoder().encode("a,b\n1,2\n"),
  docx,
  xlsx: office("xl"),
  pptx: office("ppt"),
};

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(?:css|html|m?js|json|svg|txt|webmanifest)$/;
/** Below this a compressed file saves no network packet. */
const MIN_BYTES = 1_000;

/**
 * Writes each text file of the build as brotli and gzip too, so that the server compresses nothing while it answers,
 * and the densest levels cost nobody a wait.
 */
export function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    writeBundle({ dir }) {
      if (dir) for (const path of textsIn(dir)) compress(path);
    },
  };
}

const textsIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) => TEXT.test(name))
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).size >= MIN_BYTES);

/** What the names of the compressed forms end with. */
export const COMPRESSED = [".br", ".gz"];

/** Writes a file compressed beside it. */
export function compress(path: string): void {
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}

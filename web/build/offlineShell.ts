import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import type { Plugin } from "vite";

const WORKER = fileURLToPath(new URL("./serviceWorker.ts", import.meta.url));
/** Every script and style, and the font of the pages' own language; other scripts' fonts come when they are needed. */
const KEPT = /\.(?:css|js)$|inter-latin-wght-normal[^/]*\.woff2$/;

/** Emits `/sw.js`, the service worker that keeps the files of this build for visits without a connection. */
export function offlineShell(): Plugin {
  return {
    name: "offline-shell",
    apply: "build",
    generateBundle(_, bundle) {
      const files = Object.keys(bundle)
        .filter((name) => KEPT.test(name))
        .map((name) => `/${name}`)
        .sort();
      const version = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 12);
      const define = { FILES: JSON.stringify(files), VERSION: JSON.stringify(version) };
      const { code } = transformSync(readFileSync(WORKER, "utf8"), {
        loader: "ts",
        format: "iife",
        target: "es2022",
        minify: true,
        define,
      });
      this.emitFile({ type: "asset", fileName: "sw.js", source: code });
    },
  };
}

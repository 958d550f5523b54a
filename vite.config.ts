import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compileMessages } from "./web/compileMessages.ts";
import { offlineShell } from "./web/build/offlineShell.ts";
import { pageSettings } from "./web/build/pageSettings.ts";
import { precompress } from "./web/build/precompress.ts";

const here = (path: string) => new URL(path, import.meta.url).pathname;

/** Builds and serves the web application; `scripts/lib/start/web.ts` names the port and the deployment's address. */
export default defineConfig({
  root: here("./web"),
  plugins: [react(), tailwindcss(), compileMessages(), pageSettings(), offlineShell(), precompress()],
  resolve: {
    alias: {
      "@": here("./web/src"),
      "@convex": here("./convex"),
      // The content security policy forbids the style elements that this library writes.
      "react-style-singleton": here("./web/src/lib/adoptedStyles.ts"),
    },
  },
  build: {
    outDir: here("./dist"),
    emptyOutDir: true,
    // Small files stay files: the content security policy knows no `data:` fonts, and the cache keeps them by name.
    assetsInlineLimit: 0,
    // What every visit needs, what pages share, and each page: Home is 3 scripts of 200 kB. Left to itself the build
    // cut the shared part by the pages that use it, down to single icons: 60 scripts, one after the other over
    // HTTP/1.1.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "initial", tags: ["$initial"] },
            { name: "shared", minShareCount: 2 },
          ],
        },
      },
    },
  },
});

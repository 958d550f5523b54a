import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compileMessages } from "./web/compileMessages";

const here = (path: string) => new URL(path, import.meta.url).pathname;

/** Builds and serves the web application; `scripts/lib/start/web.ts` names the port and the deployment's address. */
export default defineConfig({
  root: here("./web"),
  plugins: [react(), tailwindcss(), compileMessages()],
  resolve: { alias: { "@": here("./web/src"), "@convex": here("./convex") } },
  build: {
    outDir: here("./dist"),
    emptyOutDir: true,
    // The chart library is a chunk of its own, loaded with the first chart; it is just above Vite's default of 500.
    chunkSizeWarningLimit: 700,
  },
});

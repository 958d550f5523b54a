import compile from "icu-minify/compile";
import type { Plugin } from "vite";

/** A language in one file, `messages/de.ts`, or a subject of it in its folder, `messages/en-US/focus.ts`. */
const CATALOGUE = /\/messages\/[a-z]{2}(-[A-Z]{2})?(\/(?!index\.)\w+)?\.ts$/;

type Texts = { [name: string]: string | Texts };

const compileAll = (texts: Texts): object =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, typeof text === "string" ? compile(text) : compileAll(text)]),
  );

/**
 * Parses the message catalogues while the application is built, so that no ICU parser is sent to browsers. A message
 * with a syntax error fails the build and the tests.
 */
export function compileMessages(): Plugin {
  return {
    name: "compile-messages",
    // After TypeScript has become JavaScript.
    enforce: "post",
    async transform(code, id) {
      if (!CATALOGUE.test(id.split("?")[0] ?? "")) return undefined;
      const url = `data:text/javascript,${encodeURIComponent(code)}`;
      const { default: texts } = (await import(/* @vite-ignore */ url)) as { default: Texts };
      return { code: `export default ${JSON.stringify(compileAll(texts))}`, map: null };
    },
  };
}

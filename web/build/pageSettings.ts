import type { Plugin } from "vite";
import { SETTINGS_NAME, type DemoLogin, type PageSettings } from "../src/lib/pageSettings.ts";

/**
 * The page with its settings in its `<meta>` element. They stand in the page and not in its scripts, so that one build
 * serves at any address.
 */
export const writeSettings = (page: string, settings: PageSettings): string =>
  page.replace(
    new RegExp(`<meta name="${SETTINGS_NAME}"[^>]*>`),
    () => `<meta name="${SETTINGS_NAME}" content="${escapeAttribute(JSON.stringify(settings))}" />`,
  );

const ENTITIES: Record<string, string> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };
const escapeAttribute = (text: string): string => text.replace(/[&"<>]/g, (character) => ENTITIES[character]!);

/**
 * Writes the settings that a build, or Vite's development server, finds in its environment: `VITE_CONVEX_URL`,
 * `VITE_GOOGLE_SIGN_IN` (`1`) and `VITE_DEMO_LOGINS` (JSON).
 */
export function pageSettings(): Plugin {
  let environment: Record<string, string | undefined> = {};
  return {
    name: "page-settings",
    configResolved: ({ env }) => {
      environment = env;
    },
    transformIndexHtml: (page) => writeSettings(page, settingsIn(environment)),
  };
}

const settingsIn = (environment: Record<string, string | undefined>): PageSettings => ({
  convexUrl: environment.VITE_CONVEX_URL || null,
  offersGoogle: environment.VITE_GOOGLE_SIGN_IN === "1",
  demoLogins: JSON.parse(environment.VITE_DEMO_LOGINS || "[]") as DemoLogin[],
});

import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";

/** Lets every test of the project find its server, by `target()`. */
export function provide(project: TestProject, server: ProvidedContext): void {
  const { siteUrl, convexUrl, adminKey, serviceKey, storeUrl, webUrl } = server;
  for (const [name, value] of Object.entries({ siteUrl, convexUrl, adminKey, serviceKey, storeUrl, webUrl }))
    project.provide(name as keyof ProvidedContext, value);
}

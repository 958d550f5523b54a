import { expect, test } from "vitest";
import { compileMessages } from "./compileMessages";

type Transform = (code: string, id: string) => Promise<{ code: string } | undefined>;
const transform = compileMessages().transform as unknown as Transform;

test("a subject's messages and a language in one file are compiled", async () => {
  const subject = await transform(
    `export default { seats: "{count, plural, one {# seat} other {# seats}}" }`,
    "/messages/en-US/a.ts",
  );
  expect(subject?.code).toContain(`{"seats":[["count",`);
  const language = await transform(`export default { a: { hello: "Hallo, {name}" } }`, "/messages/de.ts?t=1");
  expect(language?.code).toBe(`export default {"a":{"hello":["Hallo, ",["name"]]}}`);
});

test("other files stay as they are", async () => {
  for (const id of ["/messages/en-US/index.ts", "/messages/translate.ts", "/focus/en/page.ts"])
    expect(await transform(`export default { a: "{" }`, id)).toBeUndefined();
});

test("a syntax error fails the build", async () => {
  await expect(transform(`export default { a: "{count, plural, one {#}" }`, "/messages/de.ts")).rejects.toThrow();
});

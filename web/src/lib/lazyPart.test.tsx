import { Suspense } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { lazyPart } from "./lazyPart";

const Page = ({ name }: { name: string }) => <h1>{name}</h1>;
const show = (Part: typeof Page) =>
  renderToString(
    <Suspense fallback="waiting">
      <Part name="Focus" />
    </Suspense>,
  );

test("a part that was fetched ahead is shown at once, one that was not after its fallback", async () => {
  const fetched = lazyPart(async () => ({ Page }), "Page");
  await fetched.prefetch();
  expect(show(fetched as typeof Page)).toContain("Focus");
  expect(show(fetched as typeof Page)).not.toContain("waiting");
  expect(show(lazyPart(async () => ({ Page }), "Page") as typeof Page)).toContain("waiting");
});

test("what could not be fetched ahead is fetched when it is shown", async () => {
  let attempts = 0;
  const part = lazyPart(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error("no connection");
    return { Page };
  }, "Page");
  await part.prefetch();
  expect(show(part as typeof Page)).toContain("waiting");
  expect(attempts).toBe(2);
});

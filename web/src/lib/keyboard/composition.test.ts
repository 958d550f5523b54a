import { expect, test } from "vitest";
import { keepComposition } from "./composition";

test.each([
  [{ key: "Escape", isComposing: true, keyCode: 27 }, false],
  [{ key: "Escape", isComposing: false, keyCode: 229 }, false],
  [{ key: "Escape", isComposing: false, keyCode: 27 }, true],
  [{ key: "a", isComposing: true, keyCode: 229 }, true],
])("%j reaches the page: %s", (pressed, reaches) => {
  const page = new EventTarget();
  let reached = false;
  keepComposition(page);
  page.addEventListener("keydown", () => (reached = true));
  page.dispatchEvent(Object.assign(new Event("keydown"), pressed));
  expect(reached).toBe(reaches);
});

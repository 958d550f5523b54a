import { expect, test } from "vitest";
import { isSpeech, measureLevel } from "./level";
import { readProblem } from "./problems";

test.each([
  ["NotAllowedError", "refused"],
  ["SecurityError", "refused"],
  ["NotFoundError", "missing"],
  ["OverconstrainedError", "missing"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
  ["TypeError", "failed"],
])("%s means: %s", (name, problem) => expect(readProblem(new DOMException("", name))).toBe(problem));

test("silence and noise are no speech, a voice is", () => {
  const wave = (height: number) => Float32Array.from({ length: 512 }, (_, index) => height * Math.sin(index / 5));
  expect(measureLevel(new Float32Array(512))).toBe(0);
  expect([0, 0.005, 0.2].map((height) => isSpeech(measureLevel(wave(height))))).toEqual([false, false, true]);
});

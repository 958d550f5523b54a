import { expect, test } from "vitest";
import { pickColumns, pickPictureSize, pickSenders, SENDERS_MAX } from "./layout";

const person = (userId: number, { isCreator = false, wantsToSend = true } = {}) => ({ userId, isCreator, wantsToSend });

test("at most six send: the creator even when last to come, then who came first", () => {
  const people = [...Array.from({ length: 8 }, (_, index) => person(index)), person(99, { isCreator: true })];
  expect([...pickSenders(people)]).toEqual([99, 0, 1, 2, 3, 4]);
  expect(SENDERS_MAX).toBe(6);
});

test("who has camera and microphone off takes nobody's place", () => {
  const people = Array.from({ length: 8 }, (_, index) => person(index, { wantsToSend: index % 2 === 1 }));
  expect([...pickSenders(people)]).toEqual([1, 3, 5, 7]);
});

test("pictures get smaller as people come", () => {
  const widths = [1, 2, 3, 4, 5, 12].map((people) => pickPictureSize(people).width);
  expect(widths).toEqual([1_280, 1_280, 640, 640, 320, 320]);
  for (const people of [2, 3, 4, 5, 8, 12])
    expect((people - 1) * pickPictureSize(people).maxBitsPerSecond).toBeLessThanOrEqual(2_800_000);
});

test("pictures stand in as many columns as they need", () => {
  expect([1, 2, 3, 4, 5, 9, 10].map((tiles) => pickColumns(tiles).wide)).toEqual([1, 2, 2, 2, 3, 3, 4]);
  expect([1, 2, 3].map((tiles) => pickColumns(tiles).narrow)).toEqual([1, 1, 2]);
});

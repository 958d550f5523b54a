import { expect, test } from "vitest";
import { endOldKeys, finishRotation, KeyWithoutId, makeSigningKeys, planRotation, tidyKeys } from "./signing-keys";

const at = (seconds: number) => new Date(seconds * 1000);
const idsOf = ({ JWKS }: { JWKS: string }) =>
  (JSON.parse(JWKS) as { keys: { kid?: string }[] }).keys.map(({ kid }) => kid);
const withoutId = ({ JWT_PRIVATE_KEY, JWKS }: ReturnType<typeof makeSigningKeys>) => ({
  JWT_PRIVATE_KEY,
  JWKS: JWKS.replace(/"kid":"[^"]+",/, ""),
});

test("the new key is published before it signs, and the old one stays until its tokens have expired", () => {
  const first = makeSigningKeys();
  const { announced, taken, overAt } = planRotation(first, 60, at(1_000_000));
  expect(idsOf(announced)).toEqual(idsOf(taken));
  expect(idsOf(taken)).toEqual([...idsOf(first), expect.any(String)]);
  expect(taken.JWT_PRIVATE_KEY).not.toBe(first.JWT_PRIVATE_KEY);
  expect(overAt).toEqual(at(1_000_000 + 60 + 960));
  expect(() => finishRotation(taken, at(1_000_500))).toThrow("good until 1970-01-12T14:03:40Z");
  expect(finishRotation(taken, overAt)).toMatchObject({ ended: 1 });
  expect(idsOf(finishRotation(taken, overAt))).toEqual([idsOf(taken)[1]]);
  expect(tidyKeys(taken.JWKS, at(1_000_500))).toEqual({});
  expect(tidyKeys(taken.JWKS, overAt)).toEqual({ JWKS: finishRotation(taken, overAt).JWKS });
});

test("rotating twice in a row keeps the tokens of both old keys", () => {
  const second = planRotation(makeSigningKeys(), 0, at(1_000_000)).taken;
  const third = planRotation(second, 0, at(1_000_100)).taken;
  expect(idsOf(third)).toHaveLength(3);
  expect(finishRotation(third, at(1_001_000))).toMatchObject({ ended: 1 });
  expect(finishRotation(third, at(1_002_000))).toMatchObject({ ended: 2 });
  expect(idsOf(endOldKeys(third))).toEqual([idsOf(third)[2]]);
});

test("a key without an id gets one, and is not rotated while its tokens name none", () => {
  const old = withoutId(makeSigningKeys());
  let named = "";
  try {
    planRotation(old, 0, at(1_000_000));
  } catch (error) {
    if (error instanceof KeyWithoutId) named = error.named.JWKS;
  }
  expect(named).toContain('"kid"');
  expect(() => planRotation({ ...old, JWKS: named }, 0, at(1_000_900))).toThrow("rotate after that");
  expect(idsOf(planRotation({ ...old, JWKS: named }, 0, at(1_001_000)).taken)).toHaveLength(2);
  expect(tidyKeys(old.JWKS, at(1_000_000)).JWKS).toContain('"named_at":1000000');
  expect(tidyKeys(undefined)).toEqual({});
});

test("keys that do not belong together are refused", () => {
  const [one, other] = [makeSigningKeys(), makeSigningKeys()];
  expect(() => planRotation({ ...one, JWKS: other.JWKS }, 0)).toThrow("lacks the key");
  expect(() => tidyKeys("none")).toThrow("holds no keys");
});

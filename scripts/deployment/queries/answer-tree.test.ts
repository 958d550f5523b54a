import { expect, test } from "vitest";
import { AnswerTree } from "./answer-tree";
import type { Callee } from "./callee";

const callee = (name: string) => ({ key: name, isAnonymous: false }) as Callee;
const calls = (answers: Record<string, string>) =>
  Object.entries(answers).map(([name, value]) => ({ query: callee(name), value }));
/** The run that a caller with these answers shares, and the calls it was asked about. */
function find(tree: AnswerTree<string>, answers: Record<string, string>) {
  const asked: string[] = [];
  const found = tree.find(({ key }) => {
    asked.push(key);
    return key in answers ? { value: answers[key]! } : null;
  });
  return { run: found?.run ?? null, asked };
}

test("a run is found by its answers, whatever number of others there are, and asks what it asked", () => {
  const tree = new AnswerTree<string>();
  for (let level = 0; level < 100; level++)
    tree.add(calls({ standing: `level ${level}`, [`seen at ${level}`]: "a text" }), `run ${level}`);
  expect(find(tree, { standing: "level 7", "seen at 7": "a text" })).toEqual({
    run: "run 7",
    asked: ["standing", "seen at 7"],
  });
  expect(find(tree, { standing: "level 7", "seen at 7": "another" }).run).toBeNull();
  expect(find(tree, { standing: "level 100" })).toEqual({ run: null, asked: ["standing"] });
  expect(find(tree, {}).run).toBeNull();
});

test("a run that is taken out is found no more; those beside it are", () => {
  const tree = new AnswerTree<string>();
  const withdraw = tree.add(calls({ standing: "in", seats: "1" }), "old");
  tree.add(calls({ standing: "in", seats: "2" }), "new");
  withdraw();
  expect(find(tree, { standing: "in", seats: "1" }).run).toBeNull();
  expect(find(tree, { standing: "in", seats: "2" }).run).toBe("new");
});

test("a newer run takes the place of one that called something else there, and stays when that one is taken out", () => {
  const tree = new AnswerTree<string>();
  const withdraw = tree.add(calls({ standing: "in", view: "a" }), "old");
  tree.add(calls({ standing: "in", seats: "1" }), "new");
  withdraw();
  expect(find(tree, { standing: "in", seats: "1", view: "a" })).toEqual({ run: "new", asked: ["standing", "seats"] });
  const last = tree.add(calls({ part: "b" }), "last");
  expect(find(tree, { standing: "in", part: "b" }).run).toBe("last");
  last();
  expect(find(tree, { part: "b" })).toEqual({ run: null, asked: [] });
});

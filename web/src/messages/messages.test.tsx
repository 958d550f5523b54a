import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderToStaticMarkup } from "react-dom/server";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { LANGUAGES, rich, t } from "./translate";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));

const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|^messages\//.test(path))
  .map((path) => parse(path, readFileSync(SOURCES + path, "utf8")));

function parse(path: string, code: string): ts.SourceFile {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, kind);
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** Attributes and properties whose values people read or hear. */
const TEXT_NAMES = new Set([
  ...["alt", "aria-label", "badge", "cancel", "confirm", "createLabel", "description", "empty", "heading", "hint"],
  ...["label", "message", "note", "placeholder", "reason", "rule", "text", "tip", "title"],
]);

const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text) && !/^https?:\/\//.test(text);
const isSentence = (text: string): boolean => /^\p{Lu}[\p{L}'’]*,? \p{L}/u.test(text);

/** The literals that an expression can come to, through conditions and templates. */
function literalsOf(node: ts.Node | undefined): string[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  if (ts.isBinaryExpression(node) && !/===|!==|[<>]/.test(node.operatorToken.getText()))
    return [...literalsOf(node.left), ...literalsOf(node.right)];
  if (ts.isParenthesizedExpression(node) || ts.isJsxExpression(node)) return literalsOf(node.expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(literalsOf);
  return [];
}

/** Errors for developers are no texts of the pages. */
const isOfError = (node: ts.Node): boolean =>
  ts.findAncestor(
    node,
    (each) =>
      (ts.isNewExpression(each) && each.expression.getText() === "Error") ||
      (ts.isCallExpression(each) && each.expression.kind === ts.SyntaxKind.SuperKeyword),
  ) !== undefined;

/** The texts in a node that belong into the catalogue. */
function textsIn(node: ts.Node): string[] {
  if (ts.isJsxText(node)) return hasWords(node.text) ? [node.text.trim()] : [];
  if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) return literalsOf(node).filter(hasWords);
  if (ts.isJsxAttribute(node) || ts.isPropertyAssignment(node)) {
    const name = node.name.getText().replaceAll('"', "");
    return TEXT_NAMES.has(name) ? literalsOf(node.initializer).filter(hasWords) : [];
  }
  if (ts.isCallExpression(node) && node.expression.getText() === "toast")
    return literalsOf(node.arguments[0]).filter(hasWords);
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node))
    return isSentence(node.text) && !isOfError(node) ? [node.text] : [];
  return [];
}

function allTexts(source: ts.SourceFile): string[] {
  const found: string[] = [];
  visit(source, (node) => found.push(...textsIn(node)));
  return found;
}

describe("the catalogue", () => {
  test("holds every text of the pages", () => {
    const outside = sources.flatMap((source) => allTexts(source).map((text) => `${source.fileName}: ${text}`));
    expect(outside).toEqual([]);
  });

  test.each([
    ["a child", `<p>Saved</p>`, ["Saved"]],
    ["a condition", `<p>{busy ? "Saving" : t("some.key")}</p>`, ["Saving"]],
    ["an attribute", `<img alt="Chart" className="size-4" />`, ["Chart"]],
    ["a template", "<b aria-label={`${count} seats`} />", [" seats"]],
    ["a property", `const place = { path: "/", label: "Home" }`, ["Home"]],
    ["a toast", `toast("Copied")`, ["Copied"]],
    ["a sentence anywhere", `const reason = "Choose a file."`, ["Choose a file."]],
    ["symbols, numbers and errors for developers", `<p>· 99+ –</p>; throw new Error("No such place.")`, []],
  ])("would miss %s", (_case, code, texts) => expect(allTexts(parse("page.tsx", code))).toEqual(texts));

  test("holds nothing else", () => {
    const literals = new Set<string>();
    for (const source of sources)
      visit(source, (node) => {
        if (ts.isStringLiteralLike(node)) literals.add(node.text);
      });
    const keys = Object.entries(LANGUAGES["en-US"]).flatMap(([subject, messages]) =>
      Object.keys(messages).map((name) => `${subject}.${name}`),
    );
    expect(keys.length).toBeGreaterThan(100);
    expect(keys.filter((key) => !literals.has(key))).toEqual([]);
  });
});

test("counts and numbers are written as the language has them", () => {
  expect(t("tutoring.seatsFree", { count: 0 })).toBe("Full");
  expect(t("tutoring.seatsFree", { count: 1 })).toBe("1 seat free");
  expect(t("tutoring.seatsFree", { count: 1_200 })).toBe("1,200 seats free");
  expect(t("common.pageNotFound", { kind: "report" })).toBe("Report not found");
});

test("a message with tags holds what they stand for", () => {
  const content = rich("focus.absence", { strong: (text) => <b>{text}</b>, away: "1 h", unpaid: "58 min" });
  expect(renderToStaticMarkup(content)).toBe(
    "<b>Welcome back.</b> You were away for 1 h, and 58 min of that earned no XP.",
  );
});

test("the type checker knows keys, arguments and tags", () => {
  const time = () => "";
  expect(() => {
    // @ts-expect-error -- no such message
    t("common.nothing");
    // @ts-expect-error -- the argument is missing
    t("common.readAs");
    // @ts-expect-error -- another argument
    t("common.readAs", { count: "1" });
    // @ts-expect-error -- plurals take numbers
    t("tutoring.seatsFree", { count: "1" });
    // @ts-expect-error -- this one has a tag
    t("tutoring.added", { time });
    // @ts-expect-error -- the tag is missing
    void rich("store.outageSince", { error: "" });
    void rich("store.outageSince", { error: "", time });
  }).toThrow();
});

/** The arguments of a message, read from its ICU text by the type checker. */

/** The text up to the brace that closes an open one, and the text behind it. */
type Block<
  Text extends string,
  Inner extends string = "",
  Depth extends string = "",
> = Text extends `${infer Left}}${infer Right}`
  ? Left extends `${infer Before}{${infer After}`
    ? Block<`${After}}${Right}`, `${Inner}${Before}{`, `${Depth}+`>
    : Depth extends `+${infer Outer}`
      ? Block<Right, `${Inner}${Left}}`, Outer>
      : [`${Inner}${Left}`, Right]
  : never;

/** A union of `[name, type]`. */
type Pairs<Text extends string> = Text extends `${string}{${infer Rest}`
  ? Block<Rest> extends [infer Inner extends string, infer Behind extends string]
    ? Pair<Inner> | Pairs<Behind>
    : never
  : never;

type Pair<Inner extends string> = Inner extends `${infer Name}, ${infer Kind}, ${infer Branches}`
  ? [Name, Kind extends "plural" | "selectordinal" ? number : string] | BranchPairs<Branches>
  : Inner extends `${infer Name}, number`
    ? [Name, number]
    : [Inner, string];

type BranchPairs<Branches extends string> = Branches extends `${string}{${infer Rest}`
  ? Block<Rest> extends [infer Inner extends string, infer Behind extends string]
    ? Pairs<Inner> | BranchPairs<Behind>
    : never
  : never;

/** The names of the tags in a message: `<b>…</b>`. */
export type TagsOf<Text extends string> = Text extends `${string}</${infer Name}>${infer Rest}`
  ? Name | TagsOf<Rest>
  : never;

/** Values by name: numbers for plurals and `{count, number}`, formatted texts for all others. */
export type ArgumentsOf<Text extends string> = { [Argument in Pairs<Text> as Argument[0]]: Argument[1] };

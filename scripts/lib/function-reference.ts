import { anyApi, type FunctionReference } from "convex/server";

interface ApiNode {
  [part: string]: ApiNode;
}

/** `folder/module:function` as the typed API would name it. */
export function functionReference<Kind extends "query" | "mutation" | "action">(path: string): FunctionReference<Kind> {
  const [module = "", name = ""] = path.split(":");
  let node = anyApi as unknown as ApiNode;
  for (const part of [...module.split("/"), name]) node = node[part]!;
  return node as unknown as FunctionReference<Kind>;
}

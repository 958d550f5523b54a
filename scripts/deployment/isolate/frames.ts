/** The frames of a stack as developers see them: of pushed code alone, at the positions of their own files. */
import { findOriginalPosition, type ModuleSource, type Position, tracePosition } from "./modules";

/** A frame of a script (modules.ts), or of a file of "use node" modules (actions/node-pool.ts). */
const FRAME = /^\s+at (?:(.*?) \()?convex-(?:module:(\d+)\/|node:)([^:)]*):(\d+):(\d+)\)?$/;
const KEPT_FRAMES = 10;

/**
 * @param nodeModules that frames of files may be of
 * @returns a line for each frame, with a newline before and after them; "" without any
 */
export function formatFrames(stack: string, nodeModules: ModuleSource[] = []): string {
  let text = "";
  let kept = 0;
  for (const line of stack.split("\n")) {
    const match = FRAME.exec(line);
    if (!match) continue;
    const [, name, number, path, row, column] = match;
    const at = { source: path!, line: Number(row), column: Number(column) };
    const original =
      number === undefined ? findInFile(at, nodeModules) : findOriginalPosition(Number(number), at.line, at.column);
    if (!original || original.source.includes("node_modules/convex/src/")) continue;
    const where = `${original.source}:${original.line}:${original.column}`;
    text += name ? `\n    at ${name} (${where})` : `\n    at ${where}`;
    if (++kept === KEPT_FRAMES) break;
  }
  return text && `${text}\n`;
}

function findInFile(at: Position, modules: ModuleSource[]): Position {
  const sourceMap = modules.find(({ path, environment }) => environment === "node" && path === at.source)?.sourceMap;
  return tracePosition(at, sourceMap === undefined ? [] : [sourceMap]);
}

import { parse as parseCsv } from "csv-parse/sync";
import { unzipSync } from "fflate";
import type { JsonObject } from "../types";

/** One table of an import, its rows in the order of the file. */
export interface ImportedTable {
  component: string;
  table: string;
  /** Its number where it comes from, when known: ids carry it. */
  number: number | null;
  rows: JsonObject[];
}

export interface ImportedFile {
  component: string;
  storageId: string;
  contentType: string | null;
  bytes: Uint8Array;
}

export interface ImportedData {
  tables: ImportedTable[];
  files: ImportedFile[];
}

/** Why a file cannot be imported; names the line or entry. */
export class ImportError extends Error {}

/**
 * @param format as the CLI names it: csv, jsonLines, jsonArray or zip.
 * @param table where rows go; null for zip files, which name their tables.
 */
export function parseImport(
  format: string,
  bytes: Uint8Array,
  component: string,
  table: string | null,
): ImportedData {
  if (format === "zip") return parseZip(bytes, component);
  if (table === null) throw new ImportError(`A ${format} file needs a table to be imported into.`);
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return { tables: [{ component, table, number: null, rows: parseRows(format, text, table) }], files: [] };
}

function parseRows(format: string, text: string, name: string): JsonObject[] {
  switch (format) {
    case "csv":
      return parseCsvRows(text);
    case "jsonArray": {
      const rows: unknown = JSON.parse(text);
      if (!Array.isArray(rows)) throw new ImportError("The file must hold one JSON array.");
      return rows.map((row, i) => requireRow(row, `element ${i}`));
    }
    case "jsonLines":
      return text
        .split("\n")
        .flatMap((line, i) =>
          line.trim() === "" ? [] : [requireRow(parseLine(line, name, i), `line ${i + 1}`)],
        );
    default:
      throw new ImportError(`The format "${format}" is not supported; use csv, jsonLines, jsonArray or zip.`);
  }
}

function parseLine(line: string, name: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ImportError(`${name}, line ${index + 1}, is not valid JSON.`);
  }
}

function requireRow(row: unknown, where: string): JsonObject {
  if (typeof row !== "object" || row === null || Array.isArray(row))
    throw new ImportError(`The ${where} is not an object.`);
  return row as JsonObject;
}

/** Cells are numbers where they read as finite ones, else text. */
function parseCsvRows(text: string): JsonObject[] {
  const records = parseCsv<Record<string, string>>(text, {
    columns: true,
    skip_empty_lines: true,
    bom: true,
  });
  return records.map((record) =>
    Object.fromEntries(
      Object.entries(record).map(([name, cell]) => [
        name,
        cell.trim() !== "" && Number.isFinite(Number(cell)) ? Number(cell) : cell,
      ]),
    ),
  );
}

/** The layout that exports have: `<table>/documents.jsonl`, `_tables`, `_storage`, components below `_components/<name>`. */
function parseZip(bytes: Uint8Array, base: string): ImportedData {
  const entries = unzipSync(bytes);
  const decoder = new TextDecoder();
  const rowsOf = (name: string): JsonObject[] =>
    entries[name] === undefined ? [] : parseRows("jsonLines", decoder.decode(entries[name]), name);
  const data: ImportedData = { tables: [], files: [] };
  for (const name of Object.keys(entries)) {
    const match = /^((?:_components\/[^/]+\/)*)([^/]+)\/documents\.jsonl$/.exec(name);
    if (match === null) continue;
    const folder = match[1]!;
    const table = match[2]!;
    const component = [base, ...folder.split("/").filter((part) => part !== "" && part !== "_components")]
      .filter(Boolean)
      .join("/");
    if (table === "_storage") {
      for (const row of rowsOf(name)) data.files.push(fileOf(row, component, folder, entries));
      continue;
    }
    if (table.startsWith("_")) continue;
    const numbers = new Map(
      rowsOf(`${folder}_tables/documents.jsonl`).map((row) => [row["name"], row["id"]]),
    );
    const number = numbers.get(table);
    data.tables.push({
      component,
      table,
      number: typeof number === "number" ? number : null,
      rows: rowsOf(name),
    });
  }
  return data;
}

function fileOf(
  row: JsonObject,
  component: string,
  folder: string,
  entries: Record<string, Uint8Array>,
): ImportedFile {
  const storageId = row["_id"];
  if (typeof storageId !== "string") throw new ImportError("A row of _storage has no _id.");
  // Other exporters add an extension to the id.
  const path = Object.keys(entries).find((name) => name.startsWith(`${folder}_storage/${storageId}`));
  if (path === undefined) throw new ImportError(`The contents of file ${storageId} are missing.`);
  return {
    component,
    storageId,
    contentType: typeof row["contentType"] === "string" ? row["contentType"] : null,
    bytes: entries[path]!,
  };
}

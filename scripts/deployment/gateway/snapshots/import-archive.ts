/** Finding tables and files in a snapshot's archive. */
import { unzip } from "fflate";
import { ImportError } from "./import-error";

/** An entry of an archive, with its component. */
interface ArchivePlace {
  component: string;
  /** As it is in the archive. */
  entry: string;
  bytes: Uint8Array;
}

export interface Archive {
  /** `<table>/documents.jsonl`. */
  documents: (ArchivePlace & { table: string })[];
  /** `<table>/generated_schema.jsonl`, by component and table. */
  schemas: Map<string, ArchivePlace>;
  /** `_storage/<id>`, with or without an extension. */
  files: (ArchivePlace & { storageId: string })[];
}

/** Folders that file managers add, and folders around all of it, are no part of a snapshot. */
const ADDED = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|\._[^/]*$)/;

export const makePlaceKey = (component: string, table: string): string => `${component}\n${table}`;

/** @throws ImportError when it is no archive, or holds no table. */
export async function readArchive(bytes: Uint8Array, base: string): Promise<Archive> {
  const entries = await new Promise<Record<string, Uint8Array>>((resolve, reject) =>
    unzip(bytes, (error, files) =>
      error === null ? resolve(files) : reject(new ImportError(`The file is not a ZIP archive: ${error.message}.`)),
    ),
  );
  const archive: Archive = { documents: [], schemas: new Map(), files: [] };
  const seen = new Map<string, string>();
  for (const [entry, contents] of Object.entries(entries)) {
    const name = entry.replaceAll("\\", "/");
    const match = /^(.*\/)?([^/]+)\/([^/]+)$/.exec(name);
    if (!match || ADDED.test(name)) continue;
    const [, folder = "", table, file] = match as unknown as [string, string | undefined, string, string];
    const place = { component: readComponent(folder, base), entry, bytes: contents };
    const storageId = table === "_storage" ? /^([0-9a-z]{20,})(?:\.[^/]+)?$/.exec(file)?.[1] : undefined;
    if (storageId === undefined && file !== "documents.jsonl" && file !== "generated_schema.jsonl") continue;
    const key = `${makePlaceKey(place.component, table)}\n${storageId ?? file}`;
    if (seen.has(key)) throw new ImportError(`${seen.get(key)} and ${entry} in the archive are the same thing.`);
    seen.set(key, entry);
    if (storageId !== undefined) archive.files.push({ ...place, storageId });
    else if (file === "documents.jsonl") archive.documents.push({ ...place, table });
    else archive.schemas.set(makePlaceKey(place.component, table), place);
  }
  if (archive.documents.length === 0)
    throw new ImportError("The archive holds no table: no entry in it is named <table>/documents.jsonl.");
  return archive;
}

/** The folders `_components/<name>/` at the end name a component; what is before them is ignored. */
function readComponent(folder: string, base: string): string {
  const names: string[] = [];
  for (let rest = folder; ;) {
    const match = /^(.*\/)?_components\/([^/]+)\/$/.exec(rest);
    if (!match) return [base, ...names].filter(Boolean).join("/");
    names.unshift(match[2]!);
    rest = match[1] ?? "";
  }
}

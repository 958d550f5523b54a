/** The two forms in which functions name a file: the id of its `_storage` document, and the UUID that its URL has. */
import { FunctionError } from "../../lib";
import { decodeId } from "../../values";

export type StorageId = { documentId: string; tableNumber: number } | { uuid: string };

const UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/**
 * @param operation that the id was given to, for the message.
 * @throws FunctionError, in the platform's words, for text of neither form.
 */
export function parseStorageId(operation: string, storageId: string): StorageId {
  const decoded = decodeId(storageId);
  if (decoded !== null) return { documentId: storageId, tableNumber: decoded.tableNumber };
  const uuid = UUID.exec(storageId);
  if (uuid !== null) return { uuid: uuid.slice(1).join("-").toLowerCase() };
  throw new FunctionError(
    `Invalid argument \`storageId\` for \`storage.${operation}\`: Invalid storage ID: "${storageId}". ` +
      "Storage ID should be an Id of '_storage' table, or a UUID string.",
  );
}

/** Documents as the store keeps them: tables, indexes, schemas and the catalog of them. */
export { Catalog, TABLES_INDEX_ID } from "./catalog";
export {
  makeDocumentKey,
  INDEX_ROW_PREFIX_BYTES,
  makeIndexRowKey,
  INTERNAL_ID_BYTES,
  StoredDocument,
} from "./document";
export { DocumentCache } from "./document-cache";
export { makeIndexKeys } from "./index-rows";
export { listDocumentTypes, mustWalk, type SchemaJson, type SchemaTable } from "./schema";
export { SchemaBuild } from "./schema-build";
export { checkSchema } from "./schema-check";
export { makePartitionKey, SEARCH_LAYOUT, type SearchDefinition, splitIntoTerms } from "./search-terms";
export { FIRST_USER_TABLE, type Index, type Table } from "./table";
export { checkTableName } from "./table-names";

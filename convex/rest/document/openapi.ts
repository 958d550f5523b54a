/** The OpenAPI 3.1 document, as far as this project looks into it. */
export type Schema = { $ref?: string; properties?: Record<string, Schema>; [keyword: string]: unknown };
export type Content = Record<string, { schema?: Schema; example?: unknown }>;
export type Parameter =
  { $ref: string } | { name: string; in: string; required?: boolean; schema?: Schema; description?: string };
export type Answer = { $ref?: string; description?: string; headers?: Record<string, unknown>; content?: Content };
export type Operation = {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: Content; required?: boolean; description?: string };
  responses: Record<string, Answer>;
};
export type Paths = Record<string, Record<string, Operation>>;
export type Document = {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers?: { url: string }[];
  tags?: { name: string; description: string }[];
  paths: Paths;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, Answer>;
    parameters: Record<string, Exclude<Parameter, { $ref: string }>>;
  };
};

/** The name of the component that a reference leads to. */
export const getName = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1);

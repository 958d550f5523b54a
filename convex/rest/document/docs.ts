/**
 * `/api/docs`: the OpenAPI document as one static page. Rendered here without scripts or assets, so that it loads
 * nothing from elsewhere and reads well in any browser, with a curl line for every endpoint.
 */
import { ERROR_CODES } from "../errors/codes";
import { getName, type Document, type Operation, type Schema } from "./openapi";

const escape = (value: string) =>
  value.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`).replace(/`([^`]+)`/g, "<code>$1</code>");

const formatSchema = (schema: Schema | undefined): string =>
  escape(JSON.stringify(schema ?? {}, null, 2)).replace(/<\/?code>/g, "`");

function formatCurl(method: string, path: string, operation: Operation): string {
  const parts = [`curl -X ${method.toUpperCase()} "$BASE${path}"`];
  if (operation.security?.length) parts.push(`-H "Authorization: SessionID $SESSION_ID"`);
  const example = operation.requestBody?.content["application/json"]?.example;
  if (operation.requestBody?.required && example !== undefined)
    parts.push(`-H "Content-Type: application/json"`, `-d '${JSON.stringify(example).replaceAll("'", "\\u0027")}'`);
  return escape(parts.join(" \\\n  "));
}

function renderSection(method: string, path: string, operation: Operation, components: Document["components"]): string {
  const parameters = (operation.parameters ?? [])
    .flatMap((parameter) => ("in" in parameter ? parameter : (components.parameters[getName(parameter.$ref)] ?? [])))
    .map(
      ({ name, in: place, required, description }) =>
        `<li><code>${escape(name)}</code> in ${escape(place)}${required ? ", required" : ""} ${escape(description ?? "")}</li>`,
    );
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
    ([type, { schema }]) =>
      `<details><summary>Body: ${escape(type)}</summary><pre>${formatSchema(schema)}</pre></details>`,
  );
  const responses = Object.entries(operation.responses).map(([status, given]) => {
    const response = (given.$ref && components.responses[getName(given.$ref)]) || given;
    const schema = response.content?.["application/json"]?.schema;
    const names = Object.keys(response.headers ?? {})
      .map((name) => `<code>${escape(name)}</code>`)
      .join(", ");
    const head = `<b>${escape(status)}</b> ${escape(response.description ?? "")} <small>${names}</small>`;
    return schema
      ? `<details><summary>${head}</summary><pre>${formatSchema(schema)}</pre></details>`
      : `<p>${head}</p>`;
  });
  return `<article id="${escape(`${method} ${path}`)}"><h3><span class="method ${escape(method)}">${escape(method.toUpperCase())}</span> <code>${escape(path)}</code></h3>
<p>${escape(operation.summary ?? "")}</p>${operation.description ? `<p>${escape(operation.description)}</p>` : ""}
${parameters.length ? `<ul>${parameters.join("")}</ul>` : ""}<pre>${formatCurl(method, path, operation)}</pre>${bodies.join("")}${responses.join("")}</article>`;
}

const STYLE = `:root{color-scheme:light dark;font:15px/1.55 system-ui,sans-serif}body{margin:0 auto;max-width:860px;padding:24px 16px}
pre{overflow:auto;padding:12px;border-radius:8px;background:light-dark(#f4f4f5,#1d1d20);font-size:13px}code{font-size:.92em}
article{border-top:1px solid light-dark(#e4e4e7,#333);padding:8px 0 16px}h3{font-size:1rem;word-break:break-all}
.method{display:inline-block;min-width:4.5em;font-weight:700;color:light-dark(#4338ca,#a5b4fc)}summary{cursor:pointer;padding:2px 0}table{border-collapse:collapse}th,td{padding:6px 8px;text-align:left;vertical-align:top;border-top:1px solid light-dark(#e4e4e7,#333)}nav a{margin-right:12px}`;

/** The codes of errors as a page of its own, and as a part of the whole. */
export function renderErrorCodes(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { status, meaning, action }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escape(meaning)}</td><td>${escape(action)}</td></tr>`,
  );
  return renderPage(
    "Error codes",
    `<p>Every error body carries one of these as <code>code</code>: beside <code>error</code> or <code>detail</code>, or in <code>error</code> where that is an object. Texts are for people and may change; codes stay. Back to <a href="/api/docs">all endpoints</a>.</p>
<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>To do</th></tr></thead><tbody>${rows.join("")}</tbody></table>`,
  );
}

const renderPage = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}</style></head><body><h1>${escape(title)}</h1>
${content}</body></html>`;

export function renderDocs(document: Document): string {
  const groups = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? "Other";
      groups.set(tag, [...(groups.get(tag) ?? []), renderSection(method, path, operation, document.components)]);
    }
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<details><summary><code>${escape(name)}</code></summary><pre>${formatSchema(schema)}</pre></details>`,
  );
  return renderPage(
    `${document.info.title} API`,
    `<p>${escape(document.info.description ?? "")} The document itself: <a href="/api/openapi.json">openapi.json</a>. What errors mean: <a href="/api/docs/errors">error codes</a>. <code>$BASE</code> below is <code>${escape(document.servers?.[0]?.url ?? "")}</code>.</p>
<nav>${[...groups.keys()].map((tag) => `<a href="#${escape(tag)}">${escape(tag)}</a>`).join("")}</nav>
${[...groups].map(([tag, sections]) => `<h2 id="${escape(tag)}">${escape(tag)}</h2>${sections.join("")}`).join("")}
${schemas.length ? `<h2>Schemas</h2>${schemas.join("")}` : ""}`,
  );
}

/** The reference page: the OpenAPI document as one readable page that loads nothing from elsewhere and runs no script. */
import type { openapiDocument } from './openapi.ts';
import type { SpokenOnSocket } from './socket-document.ts';

type Document = ReturnType<typeof openapiDocument>;
type Operation = NonNullable<NonNullable<Document['paths']>[string]['get']>;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
code,pre{font:13px/1.45 ui-monospace,monospace}
h2{border-bottom:1px solid var(--line);padding-top:1rem}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}
summary{cursor:pointer}summary b{display:inline-block;min-width:4.2rem}
pre{background:var(--soft);border-radius:6px;overflow:auto;padding:.6rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
`;

const schemaBlock = (schema: unknown): string =>
  schema === undefined ? '' : `<pre>${escaped(JSON.stringify(schema, null, 2))}</pre>`;

function parameters(operation: Operation): string {
  const rows = (operation.parameters ?? []).map((parameter) => {
    if ('$ref' in parameter) throw new Error('Invariant: parameters are written in place');
    const { name, in: place, required } = parameter;
    const schema = JSON.stringify(parameter.schema ?? {});
    const need = required ? 'required' : 'optional';
    return `<tr><td><code>${escaped(name)}</code></td><td>${place}, ${need}</td><td><code>${escaped(schema)}</code></td></tr>`;
  });
  return rows.length === 0 ? '' : `<table><tr><th>Parameter</th><th></th><th>Schema</th></tr>${rows.join('')}</table>`;
}

function bodies(operation: Operation): string {
  const { requestBody } = operation;
  if (!requestBody || '$ref' in requestBody) return '';
  const [schema] = Object.values(requestBody.content).map((content) => content.schema);
  return `<h4>Body</h4>${schemaBlock(schema)}`;
}

function responses(operation: Operation): string {
  const rows = Object.entries(operation.responses ?? {}).map(([status, response]) => {
    const { description, content = {} } = response as {
      description: string;
      content?: Record<string, { schema?: unknown }>;
    };
    const [schema] = Object.values(content).map((one) => one.schema);
    const shape = Number(status) < 400 ? schemaBlock(schema) : '';
    return `<tr><td><code>${status}</code></td><td>${escaped(description)}${shape}</td></tr>`;
  });
  return `<h4>Answers</h4><table>${rows.join('')}</table>`;
}

function messages(operation: Operation): string {
  const { 'x-websocket': spoken } = operation as { readonly 'x-websocket'?: SpokenOnSocket };
  if (!spoken) return '';
  const closes = Object.entries(spoken.closeCodes).map(
    ([code, why]) => `<tr><td><code>${code}</code></td><td>${escaped(why)}</td></tr>`,
  );
  return `<h4>Messages to the server</h4>${schemaBlock(spoken.toServer)}<h4>Messages to the client</h4>${schemaBlock(spoken.toClient)}
<h4>Codes with which the server closes</h4><table>${closes.join('')}</table>`;
}

function operationBlock(path: string, method: string, operation: Operation): string {
  const open = operation.security?.length === 0 ? ' · no token' : '';
  const verb = 'x-websocket' in operation ? 'WS' : method.toUpperCase();
  return `<details><summary><b>${verb}</b> <code>${escaped(path)}</code> ${escaped(operation.summary ?? '')}${open}</summary>
${parameters(operation)}${bodies(operation)}${responses(operation)}${messages(operation)}</details>`;
}

export function docsPage(document: Document): string {
  const groups = new Map<string, string[]>();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      const [tag = ''] = operation.tags ?? [];
      groups.set(tag, [...(groups.get(tag) ?? []), operationBlock(path, method, operation)]);
    }
  }
  const sections = [...groups].map(([tag, blocks]) => `<h2>${escaped(tag)}</h2>${blocks.join('\n')}`);
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => `<details><summary><code>${escaped(name)}</code></summary>${schemaBlock(schema)}</details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Pitwall API</title><style>${STYLE}</style></head><body><h1>Pitwall API <small>${escaped(document.info.version)}</small></h1>
<p>Bearer tokens come from <code>POST /oauth/token</code>. The machine-readable form is <a href="/openapi.json">openapi.json</a>.</p>
${sections.join('\n')}<h2>Schemas</h2>${schemas.join('\n')}</body></html>`;
}

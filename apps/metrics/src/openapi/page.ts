import { createHash } from 'node:crypto';
import { fieldsOf, meaningOf, typeOf } from './fields.js';
import { methodOf, type Operation } from './operation.js';
import { OPERATIONS } from './operations.js';
import { tries } from './reference.js';

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b2330, #e4e9f1); --soft: light-dark(#566072, #9aa6b8);
  --line: light-dark(#dfe4ec, #2c3442); --paper: light-dark(#fff, #12161d); --code: light-dark(#f3f5f9, #1b212b); --accent: light-dark(#1a5fd0, #7db2ff); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
.page { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 82rem; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 2rem 1rem 2rem 1.5rem; font-size: .875rem; }
nav h2 { margin: 1.25rem 0 .25rem; font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
nav ul { margin: 0; padding: 0; list-style: none; } nav a { display: block; padding: .2rem 0; text-decoration: none; overflow-wrap: anywhere; }
main { padding: 2rem 1.5rem 6rem; min-width: 0; } h1 { margin: 0 0 .5rem; font-size: 1.75rem; }
section { padding: 2rem 0 1rem; border-top: 1px solid var(--line); } section h2 { margin: 0; font-size: 1.05rem; }
h3 { margin: 1.25rem 0 .5rem; font-size: .875rem; color: var(--soft); } a { color: var(--accent); }
code { font: .875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: .75rem 0; padding: .75rem 1rem; border-radius: .5rem; background: var(--code); overflow-x: auto; } pre code { overflow-wrap: normal; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; } th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line);
  text-align: left; vertical-align: top; } th { color: var(--soft); font-weight: 600; } td:nth-child(2) { color: var(--soft); }
.scroll { overflow-x: auto; } .method { margin-right: .5rem; color: var(--accent); }
@media (max-width: 50rem) { .page { display: block; } nav { position: static; padding-bottom: 0; } }
`;

/** The policy under which the page is shown: nothing but its own style. */
export const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The reference as a page of HTML: no script, nothing from elsewhere. */
export function referencePage(): string {
  const tags = [...new Set(OPERATIONS.map(({ tag }) => tag))];
  const links = tags.map(
    (tag) =>
      `<h2>${tag}</h2><ul>${OPERATIONS.filter((one) => one.tag === tag)
        .map(link)
        .join('')}</ul>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Livemeter: REST</title><style>${STYLE}</style></head>
<body><div class="page">
<nav aria-label="Resources"><a href="/">Wallboard</a><a href="/openapi.json">openapi.json</a>${links.join('')}</nav>
<main><h1>Livemeter: REST</h1>
<p>Times are RFC 3339, durations seconds, null is “no value”, errors are problem details (RFC 9457). Replies carry an ETag: who sends it
as <code>If-None-Match</code> is answered 304 while it holds.</p>
${OPERATIONS.map(section).join('\n')}
</main></div></body></html>
`;
}

function link({ id, path }: Operation): string {
  return `<li><a href="#${id}">${escaped(path)}</a></li>`;
}

function section(operation: Operation): string {
  const { id, path, summary, description = '', parameters, reply } = operation;
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  const rows = asked.map(({ name, schema, description: meaning }) => [name, typeOf(schema), meaning]);
  const commands = tries(operation).map((command) => `<pre tabindex="0"><code>${escaped(command)}</code></pre>`);
  const fields = reply.schemas.map((name) => {
    const lines = fieldsOf(name).map((field) => [field.path, field.type, field.meaning]);
    return `<h3>${escaped(meaningOf(name))}</h3>${table('Field', lines)}`;
  });
  return `<section id="${id}"><h2><span class="method">${methodOf(operation).toUpperCase()}</span><code>${escaped(path)}</code></h2>
<p>${escaped(`${summary} ${description}`)}</p>${commands.join('')}
${rows.length === 0 ? '' : `<h3>Parameters</h3>${table('Parameter', rows)}`}
${fields.join('')}</section>`;
}

function table(first: string, rows: readonly (readonly string[])[]): string {
  const body = rows.map(
    ([name = '', type = '', meaning = '']) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${escaped(type)}</td><td>${escaped(meaning)}</td></tr>`,
  );
  const head = `<tr><th scope="col">${first}</th><th scope="col">What it is</th><th scope="col">Meaning</th></tr>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${first}s"><table><thead>${head}</thead><tbody>${body.join('')}</tbody></table></div>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

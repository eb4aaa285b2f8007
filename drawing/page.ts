/** One self-contained page: styles and script inside, nothing fetched, and a policy that forbids the browser to. */
import { type Markup, markup, trusted } from './markup.ts';

export interface Page {
  readonly title: string;
  readonly body: Markup;
  /** Our own, see `trusted`. */
  readonly style?: string;
  readonly script?: string;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--paper:#fff;--good:#1a7f4b;--bad:#c0292b;--warn:#b26a00;--mark:#2a6fdb;--fill:#eef3fb}
@media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--soft:#9aa5b4;--line:#333c49;--paper:#12161c;--good:#4cc38a;--bad:#ff6b6b;--warn:#f0b429;--mark:#6ea8ff;--fill:#1d2735}}
body{margin:0 auto;max-width:1180px;padding:16px 24px;font:14px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:22px;margin:8px 0}h2{font-size:17px;margin:28px 0 8px;border-bottom:1px solid var(--line)}h3{font-size:15px}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:3px 10px 3px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}code,.code{font:12px ui-monospace,monospace;overflow-wrap:anywhere}
figure{margin:8px 0}figcaption{color:var(--soft)}svg{display:block;width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:var(--ink)}
svg text.axis{fill:var(--soft)}.grid{stroke:var(--line);stroke-width:.5}.line{fill:none;stroke-width:1.4}.empty,.note{color:var(--soft)}
.good{color:var(--good)}.bad{color:var(--bad)}.banner{background:var(--fill);border-left:4px solid var(--warn);padding:6px 12px;margin:8px 0}
.c0{stroke:#2a6fdb;color:#2a6fdb}.c1{stroke:#d1651f;color:#d1651f}.c2{stroke:#1a8f5a;color:#1a8f5a}.c3{stroke:#9b51c9;color:#9b51c9}.c4{stroke:#c0292b;color:#c0292b}.c5{stroke:#7a8290;color:#7a8290}
.c6{stroke:#0d97a8;color:#0d97a8}.c7{stroke:#8a8b1c;color:#8a8b1c}.c8{stroke:#d6499a;color:#d6499a}.c9{stroke:#8c5a3c;color:#8c5a3c}.c10{stroke:#5aa9e6;color:#5aa9e6}.c11{stroke:#63b32e;color:#63b32e}
.broken{stroke-dasharray:7 3}.dotted{stroke-dasharray:2 3}
.area{fill:var(--mark);opacity:.15}
@media(max-width:700px){body{padding:12px}figure{overflow-x:auto}figure svg{min-width:760px}figcaption{position:sticky;left:0}}
.key span{margin-left:10px;stroke:none}.dot{fill:currentColor}.moment{stroke:var(--warn);stroke-width:1;stroke-dasharray:3 3}.moment.bad{stroke:var(--bad)}
`;

export const page = ({ title, body, style = '', script }: Page): string =>
  markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>${title}</title><style>${trusted(STYLE + style)}</style></head>
<body>${body}${script !== undefined && markup`<script>${trusted(script)}</script>`}</body></html>
`.toString();

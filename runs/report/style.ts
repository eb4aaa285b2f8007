/** How the page looks and what little it does: sort the trades by a column. Everything inline, so that the file is whole by itself. */

export const STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5b6775; --page: #fbfbf9; --line: #d9dde2; --mark: #1f5f99; --won: #1c7c4a; --lost: #b3362b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #9aa5b1; --page: #14181d; --line: #323a44; --mark: #6fb0ea; --won: #5fc792; --lost: #ef8a80; }
}
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); }
h1 { font-size: 1.5rem; margin: 0.6rem 0 0.2rem; } h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
.banner { border: 2px solid var(--lost); padding: 0.4rem 0.8rem; font-weight: 600; }
.about, .empty, caption { color: var(--soft); } caption { text-align: left; padding-bottom: 0.3rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 0 2rem; align-items: start; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 0.15rem 0.4rem; border-bottom: 1px solid var(--line); } th:first-child, td:first-child { text-align: left; }
.wide { overflow-x: auto; } .wide th { cursor: pointer; white-space: nowrap; } .na { color: var(--soft); }
svg { width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 11px; }
.grid { stroke: var(--line); } .line, .price { fill: none; stroke: var(--mark); stroke-width: 1.3; } .price { stroke: var(--soft); stroke-width: 0.8; }
.area { fill: var(--lost); opacity: 0.25; } .won { color: var(--won); } .lost { color: var(--lost); }
.won line, .lost line { stroke: currentColor; stroke-width: 1.4; } .won circle, .lost circle { fill: currentColor; }
@media print { .wide { overflow: visible; } body { max-width: none; } }
`;

export const SCRIPT = `
for (const table of document.querySelectorAll('table.sortable')) {
  const body = table.tBodies[0];
  table.tHead.querySelectorAll('th').forEach((head, column) => {
    let falling = false;
    head.addEventListener('click', () => {
      falling = !falling;
      const valueOf = (row) => { const text = row.cells[column].dataset.value ?? row.cells[column].textContent; return Number.isNaN(Number(text)) ? text : Number(text); };
      const rows = [...body.rows].sort((a, b) => { const x = valueOf(a), y = valueOf(b); return (x > y ? 1 : x < y ? -1 : 0) * (falling ? -1 : 1); });
      body.append(...rows);
    });
  });
}
`;

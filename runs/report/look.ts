/** What only this page needs to look and behave as it does: its styles, and a script that sorts the trades by a column. */

export const STYLE = `
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(20rem,1fr));gap:8px 32px;align-items:start}
.figures th{font-weight:normal}caption{text-align:left;color:var(--soft);padding:4px 0}.wide{overflow-x:auto}.sortable th{cursor:pointer;white-space:nowrap}
.na{color:var(--soft)}.trade line{stroke:currentColor;stroke-width:1.4}.trade circle{fill:currentColor}
@media print{.wide{overflow:visible}body{max-width:none}}
`;

export const SCRIPT = `
for (const table of document.querySelectorAll('table.sortable')) {
  const body = table.tBodies[0];
  const valueOf = (row, column) => {
    const text = row.cells[column].dataset.value ?? row.cells[column].textContent;
    return Number.isNaN(Number(text)) ? text : Number(text);
  };
  table.tHead.querySelectorAll('th').forEach((head, column) => {
    let falling = false;
    head.addEventListener('click', () => {
      falling = !falling;
      const rows = [...body.rows].sort((a, b) => {
        const [x, y] = [valueOf(a, column), valueOf(b, column)];
        return (x > y ? 1 : x < y ? -1 : 0) * (falling ? -1 : 1);
      });
      body.append(...rows);
    });
  });
}
`;

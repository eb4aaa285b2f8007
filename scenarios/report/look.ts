/** What only this page needs to look and behave as it does: its styles, and a script that filters orders and shows one order's way. */
export const STYLE = `
.mark{fill:var(--mark)}.mark.bad{fill:var(--bad)}.mark.warn{fill:var(--warn)}.mark.good{fill:var(--good)}.mark.world,.mark.venue{fill:var(--soft)}.mark.said{fill:var(--soft);opacity:.45}
.chart svg{width:auto;max-width:100%}#filter{width:22em;max-width:90%}
@media(max-width:700px){.chart svg{min-width:0;max-width:none}}
.link{stroke:var(--mark);stroke-width:.6;opacity:.25}
.state rect{fill:var(--paper);stroke:var(--line)}.state text{fill:var(--soft)}.state.taken>rect{fill:var(--fill);stroke:var(--mark)}.state.taken text{fill:var(--ink)}
.state.final rect{stroke-width:2}.edge{fill:none;stroke:var(--line)}.edge.taken{stroke:var(--mark);stroke-width:1.5}
.chart.one .state,.chart.one .edge{opacity:.25}.chart.one .on{opacity:1}.edge.on{stroke:var(--bad)!important;stroke-width:2.5}.state.on>rect{stroke:var(--bad)!important;stroke-width:2}
.order{border-bottom:1px solid var(--line);padding:2px 0}.order summary{cursor:pointer}pre{overflow:auto;background:var(--fill);padding:10px}
`;

export const SCRIPT = `
const orders = [...document.querySelectorAll('.order')];
const chart = document.querySelector('[data-machine="order"]');
document.querySelector('#filter')?.addEventListener('input', ({ target }) => {
  const words = target.value.toLowerCase().split(' ');
  for (const order of orders) {
    const text = order.textContent.toLowerCase();
    order.hidden = !words.every((word) => text.includes(word));
  }
});
const within = (states, id) => states.some((state) => state === id || state.startsWith(id + '.'));
const show = () => {
  const open = orders.find((order) => order.open);
  const states = open ? open.dataset.states.split(' ') : [];
  const edges = new Set(open ? open.dataset.edges.split(',') : []);
  chart.classList.toggle('one', open !== undefined);
  for (const state of chart.querySelectorAll('[data-state]')) state.classList.toggle('on', within(states, state.dataset.state));
  for (const edge of chart.querySelectorAll('[data-edge]')) edge.classList.toggle('on', edges.has(edge.dataset.edge));
};
for (const order of orders)
  order.addEventListener('toggle', () => {
    if (order.open) for (const other of orders) if (other !== order) other.open = false;
    show();
  });
`;

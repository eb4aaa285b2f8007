/** An order that waits for a person outlives the product, and is approved exactly once, whenever the product dies. */
import { insist } from './caller.ts';
import { openTrader } from './load.ts';
import type { Stage } from './stage.ts';
import { codeOf, type Episode, insistAll, life, sell } from './survive.ts';
import { submitsSince } from './venue-log.ts';

const HELD_QUANTITY = 400;
/** Around the decision's commit, and around what follows it. */
const DEATHS = ['commit.before@1:approval.decided', 'commit.after@1:approval.decided', 'venue.after-submit@1'];

async function approvedOver(stage: Stage, failpoint: string): Promise<readonly string[]> {
  const name = `approval at ${failpoint}`;
  const at = Date.now();
  let traderId = '';
  let requestId = '';
  const problems = [
    ...(await life(stage, '', async () => {
      traderId = await openTrader(stage, name.replaceAll(' ', '-'));
      const { body, status } = await insist(stage, sell(traderId, HELD_QUANTITY, `${traderId}-1`));
      requestId = (body.oversightRequest as { id: string } | undefined)?.id ?? '';
      return status === 202 ? [] : [`${name}: the order was answered with ${status}`];
    })),
  ];
  if (problems.length > 0) return problems;
  problems.push(
    ...(await life(stage, failpoint, async () => {
      const approve = { method: 'POST', path: `/api/v1/oversight/requests/${requestId}/approve`, body: {} } as const;
      const [first] = await insistAll(stage, [{ ...approve, key: requestId }]);
      const again = await insist(stage, { ...approve, key: `${requestId}-again` });
      return [
        ...(first!.status === 200
          ? []
          : [`${name}: the approval was answered with ${first!.status} ${codeOf(first!)}`]),
        ...(codeOf(again) === 'REQUEST_ALREADY_PROCESSED' ? [] : [`${name}: a second approval got ${again.status}`]),
      ];
    })),
  );
  const tradeId = requestId.replace(/^req-/, 'trade-');
  const submits = submitsSince(stage.folder, at).filter((orderId) => orderId === tradeId).length;
  if (submits !== 1) problems.push(`${name}: the order was sent ${submits} times`);
  return problems;
}

export const approvals: Episode = async (stage) => {
  const problems: string[] = [];
  for (const failpoint of DEATHS) problems.push(...(await approvedOver(stage, failpoint)));
  return problems;
};

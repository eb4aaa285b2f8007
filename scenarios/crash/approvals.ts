/** An order that waits for a person outlives the product, and is approved exactly once, whenever the product dies. */
import { insist } from './caller.ts';
import { codeOf, type Episode, insistAll, life, sell } from './episode.ts';
import { submitsSince } from './venue-log.ts';

const HELD_QUANTITY = 400;
/** Around the decision's commit, and around what follows it. */
const DEATHS = ['commit.before@1:approval.decided', 'commit.after@1:approval.decided', 'venue.after-submit@1'];

const approvedOver = (death: string): Episode => ({
  name: `approval ${death}`,
  async play(stage, traderId) {
    const held = await life(stage, '', () => insist(stage, sell(traderId, HELD_QUANTITY, 'held')));
    if (held.status !== 202) return [`the order was answered with ${held.status}`];
    const { id: requestId } = held.body.oversightRequest as { id: string };
    const { id: orderId } = held.body.trade as { id: string };
    const heldAt = Date.now();
    const problems = await life(stage, `${death}/${death.startsWith('venue') ? traderId : requestId}`, async () => {
      const approve = { method: 'POST', path: `/api/v1/oversight/requests/${requestId}/approve`, body: {} } as const;
      const [first] = await insistAll(stage, [{ ...approve, key: requestId }]);
      const again = await insist(stage, { ...approve, key: `${requestId}-again` });
      return [
        ...(first!.status === 200 ? [] : [`the approval was answered with ${first!.status} ${codeOf(first!)}`]),
        ...(codeOf(again) === 'REQUEST_ALREADY_PROCESSED'
          ? []
          : [`a second approval was answered with ${again.status}`]),
      ];
    });
    const submits = submitsSince(stage.folder, heldAt).filter((id) => id === orderId).length;
    return submits === 1 ? problems : [...problems, `the order was sent ${submits} times`];
  },
});

export const approvals: readonly Episode[] = DEATHS.map(approvedOver);

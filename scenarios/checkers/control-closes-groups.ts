/**
 * D1. A control fact (a halt, a release) closes its commit: nothing that another turn has recorded travels behind it, so that what is
 * urgent never waits for what is not.
 */
import { DEFINITIONS } from '../../messages/registry.ts';
import type { CheckedGroup, CheckedRecord, Checker, Report } from './checker.ts';

const CONTROL: ReadonlySet<string> = new Set(DEFINITIONS.flatMap(({ type, control }) => (control ? type : [])));
const isControl = ({ type }: CheckedRecord): boolean => CONTROL.has(type);

class ControlClosesGroups implements Checker {
  readonly name = 'D1 control closes its group';
  readonly takes = [];

  onRecord(): void {}

  onGroup({ records }: CheckedGroup, report: Report): void {
    const place = records.findIndex(isControl);
    const control = records[place];
    if (!control) return;
    const later = records
      .slice(place + 1)
      .find(({ source, causationId }) => source !== control.source || causationId !== control.causationId);
    if (later)
      report(`the ${later.type} ${later.sequence} was committed behind the ${control.type} ${control.sequence}`);
  }

  atRest(): void {}
}

export const controlClosesGroups = (): Checker => new ControlClosesGroups();

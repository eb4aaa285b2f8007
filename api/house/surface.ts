/** The house's own door, for operators: below /api/v1/house, refusals in the coded form. Only supervisors and admins come in; everybody sees his own runs. */
import { codedSurface } from '../kit/coded-surface.ts';
import { perCaller, type RateLimits, roles } from '../kit/route.ts';

export const houseSurface = codedSurface('house', ['/api/v1/house'], 'HouseError');

/** Who looks after the house, and who changes what holds for everybody or takes its memory away. */
export const OPERATORS = roles('supervisor', 'admin');
export const ADMINS = roles('admin');

export const LIMITED: RateLimits = {
  limits: [perCaller({ name: 'house', max: 600, windowMs: 60_000 })],
  mode: 'counted',
};

export const common = { surface: houseSurface, rateLimit: LIMITED, tag: 'House' } as const;

/** Where the creto contract answers, in the coded form that it has defined. */
import { codedSurface } from '../kit/coded-surface.ts';

export const cretoSurface = codedSurface('creto', ['/api/v1/agents', '/api/v1/oversight', '/ws'], 'CretoError');

/** All that sentences may claim: each group is one question to the store. */
import { alertCounts } from './alerts.ts';
import { cameras } from './cameras.ts';
import type { ClaimGroup } from './claim.ts';
import { hours } from './hours.ts';
import { kinds } from './kinds.ts';
import { parts } from './parts.ts';
import { places } from './places.ts';

export const CLAIM_GROUPS: readonly ClaimGroup[] = [parts, hours, places, cameras, kinds, alertCounts];

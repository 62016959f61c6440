/** Numbers that a picture's truth carries: member of the cast, loops since it came, and rider or not. */

export type AgentId = { member: number; age: number; isRider: boolean };

/** Nobody stays for more than this many loops on the way through. */
const AGES = 16;

export function toAgentId({ member, age, isRider }: AgentId): number {
  if (age < 0 || age >= AGES) throw new RangeError(`member ${member} is ${age} loops old, at most ${AGES - 1} fit`);
  return 1 + (member * AGES + age) * 2 + (isRider ? 1 : 0);
}

/** What stands parked as furniture has numbers of its own, far behind those of the cast. */
const FIRST_PARKED = 2 ** 30;

export const toParkedId = (index: number): number => FIRST_PARKED + index;
export const isParkedId = (id: number): boolean => id >= FIRST_PARKED;

export function fromAgentId(id: number): AgentId {
  const half = (id - 1) >> 1;
  return { member: Math.floor(half / AGES), age: half % AGES, isRider: ((id - 1) & 1) === 1 };
}

/** How many statements of each account run at once; more wait in the lane’s queue. */
export const LANE_SLOTS = { writer: 4, reader: 8, analyst: 3 } as const;

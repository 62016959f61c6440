/**
 * Sizes libuv’s thread pool, where every running statement holds a thread; imported first, because the pool reads its
 * size at its first use. Whoever starts the process may set more.
 */
import { LANE_SLOTS } from './lane-slots.ts';

/** Besides the lanes: the control connection, sessions that are being set up, compression and files. */
const OTHER_THREADS = 8;

const wanted = Object.values<number>(LANE_SLOTS).reduce((sum, slots) => sum + slots, OTHER_THREADS);
if (!(Number(process.env.UV_THREADPOOL_SIZE) >= wanted)) process.env.UV_THREADPOOL_SIZE = String(wanted);

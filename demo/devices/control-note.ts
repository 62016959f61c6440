/** The note that a process with virtual cameras leaves in its data folder: how it is reached, for its owner only. */
import { resolve } from 'node:path';

export type ControlNote = { pid: number; url: string; token: string };

export const controlNotePath = (dataDir: string) => resolve(dataDir, 'run', 'cameras.json');

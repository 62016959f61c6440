import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    pool: 'forks',
    // Two files at a time left a third of two cores waiting: for pictures, for processes that start, for a page.
    maxWorkers: 3,
    // Some hundred processes are started: each is spared half a second to one of compiling.
    env: { NODE_COMPILE_CACHE: resolve('node_modules/.cache/node-compile') },
    // Nobody waits for these but a test that hangs: a machine that does ten things at once must not come near them.
    testTimeout: 240_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: 60_000, interval: 50 } },
  },
});

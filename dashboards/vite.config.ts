/** Builds the page: `vite build dashboards` → `dashboards/dist`. Relative addresses, so that it works below any path. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Whoever starts the build, a test runner included, gets the page for people: React's other build is twice the size.
process.env.NODE_ENV = 'production';

export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    target: 'es2023',
    // Which file needs which: a test adds up what a first page loads.
    manifest: 'manifest.json',
    assetsInlineLimit: 0,
    // MapLibre alone is about 1.1 MB before compression; it is loaded after signing in.
    chunkSizeWarningLimit: 1300,
  },
});

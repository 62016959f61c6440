/** A real Chromium for tests of the page: software rendering, a profile of its own that is gone afterwards. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, resolve } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  // SwiftShader draws the maps; to put pages together by it too took a live page half of all its CPU.
  '--disable-gpu-compositing',
];

/** Software rendering of a map takes whole seconds of a busy machine, and the page waits for it. */
const PATIENCE_MS = 120_000;

/** The first Chromium or Chrome on PATH. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/bin');
  return folders.flatMap((folder) => NAMES.map((name) => resolve(folder, name))).find((path) => existsSync(path));
}

export async function openBrowser(
  executablePath: string,
  viewport: { width: number; height: number },
): Promise<AsyncDisposable & { context: BrowserContext }> {
  const profile = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    viewport,
    locale: 'en-GB',
    colorScheme: 'light',
    args: ARGUMENTS,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return {
    context,
    async [Symbol.asyncDispose]() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

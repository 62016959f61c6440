import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { storePasswordPath } from '#system/store-client.ts';
import { startSite, until } from '#test/site/site.ts';
import { killable } from './killable.ts';

// Analytics that was faster than a new store asked for ever without a password.
it('starts before the store on a new data folder, and finds it once it is there', async () => {
  await using site = await startSite();
  await using store = killable(site, 'store', 'analytics/store/main.ts');
  await using analytics = killable(site, 'analytics', 'analytics/main.ts');
  const password = storePasswordPath(site.config, 'writer');
  expect(existsSync(password)).toBe(false);
  const ready = analytics.start();
  await until('analytics asks for the store', () => existsSync(password));
  await Promise.all([store.start(), ready]);
});

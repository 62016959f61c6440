import { expect, it } from 'vitest';
import { readMatch } from '#ingest/onvif/discover.ts';

it('passes over discovery answers without a usable address', () => {
  expect(readMatch({ XAddrs: 'nonsense', scopes: '' })).toBeUndefined();
  expect(readMatch({})).toBeUndefined();
  expect(
    readMatch({ XAddrs: 'http://192.0.2.7:8000/onvif/device_service http://[fe80::1]/x', scopes: 'a b' }),
  ).toMatchObject({ host: '192.0.2.7', port: 8000 });
});

/** The description of the streams of alerts, beside that of the API. */
import { describeStreams } from '../alerts/asyncapi.ts';
import type { App } from '../app.ts';
import { readVersion } from '../site/site-view.ts';

export function addAsyncApi(app: App): void {
  app.get('/api/asyncapi.json', { config: { action: 'public' }, schema: { hide: true } }, async (request) =>
    describeStreams({ version: readVersion(), host: request.host, isSecure: request.protocol === 'https' }),
  );
}

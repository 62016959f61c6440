/** Opens the port, and closes it so that nobody is cut off who can be answered in time. */
import { FaultError } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';
import type { App } from './app.ts';

export type Listening = AsyncDisposable & { url: string };

/** Time that answers in the making get at a stop; streams end at once, with the context's signal. */
const CLOSE_TIMEOUT_MS = 3000;

/** Throws FaultError `port-taken`. */
export async function listen(app: App, config: Config): Promise<Listening> {
  const { apiHost: host, apiPort: port, publicUrl } = config;
  try {
    await app.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new FaultError('port-taken', `port ${port} on ${host} is taken`, {
      cause,
      cure: 'End the program that has it, or set SHARP_EYES_API_PORT to another port.',
    });
  }
  const address = app.server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  const shown = ['0.0.0.0', '::', ''].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return {
    url: publicUrl === '' ? `http://${shown}:${taken}` : publicUrl.replace(/\/$/, ''),
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS);
      await app.close();
      clearTimeout(timer);
    },
  };
}

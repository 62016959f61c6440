/** The API's description, OpenAPI 3.1, made from the very schemas that check the requests. */
import swagger from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { Problem } from '#models/schema/problem.ts';
import type { App } from '../app.ts';
import { factsOf, OPEN_ACTIONS } from '../rights/actions.ts';
import { SESSION_COOKIE } from '../rights/enforce.ts';

const DESCRIPTION =
  'Fixed cameras as counted, located, explained events. Sign in for a session cookie, or send a token as ' +
  '`Authorization: Bearer …`. Times are UTC milliseconds, or ISO 8601 in queries. Boxes are fractions of the image. ' +
  'Errors are problem details (RFC 9457) with a code of the troubleshooting page.';

export async function describeApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sharp Eyes',
        version,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: ({ schema, url, route }) => {
      const action = route.config?.action ?? 'public';
      const { roles } = factsOf(action);
      const isOpen = OPEN_ACTIONS.includes(action);
      const described: FastifySchema = {
        ...schema,
        description: [schema?.description, isOpen ? 'Open.' : `Action \`${action}\`: ${roles.join(', ')}.`]
          .filter(Boolean)
          .join(' '),
        response: { ...((schema?.response as object | undefined) ?? {}), default: PROBLEM },
        ...(isOpen ? { security: [] } : {}),
      };
      return { schema: described, url };
    },
  });
}

const PROBLEM = {
  description: 'What failed, with its code and cure',
  content: { 'application/problem+json': { schema: Problem } },
};

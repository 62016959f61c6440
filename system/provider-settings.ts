/** The configuration's keys about signing in at a provider of OpenID Connect, whose groups become roles and areas. */
import Type, { type Static } from 'typebox';
import { FaultError } from '#models/schema/fault.ts';
import { Role } from '#models/schema/user.ts';

const text = (value: string, description: string) => Type.String({ default: value, description });

/** What somebody of a group may: an empty scope is everywhere, as with our own users. */
const GroupRights = Type.Object(
  {
    roles: Type.Array(Role, { minItems: 1 }),
    scope: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  },
  { additionalProperties: false },
);
export type GroupRights = Static<typeof GroupRights>;

export const PROVIDER_SETTINGS = {
  oidcIssuer: text(
    '',
    'Issuer of an OpenID Connect provider where people may sign in (docs/sign-in.md); empty: only passwords.',
  ),
  oidcClientId: text(
    '',
    'Our id there. Its secret, where it has one, is in data/secrets/oidc-client-secret or SHARP_EYES_OIDC_CLIENT_SECRET.',
  ),
  oidcName: text('', 'What the button on the sign-in page calls the provider; empty takes the issuer’s host.'),
  oidcScopes: Type.Array(Type.String({ minLength: 1 }), {
    default: [],
    description: 'Scopes asked for besides openid and profile, for example groups.',
  }),
  oidcRolesClaim: text('groups', 'Claim that holds a person’s groups; dots lead inward, as in realm_access.roles.'),
  oidcGroups: Type.Record(Type.String({ minLength: 1 }), GroupRights, {
    default: {},
    description:
      'What members of each group may, as in { "duty": { "roles": ["officer"], "scope": ["lixia"] } }; the first group that fits decides the areas, and who is in none is refused.',
  }),
  oidcClockSkewS: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 600,
    description: 'Seconds by which the provider’s clock may differ from ours.',
  }),
  oidcHttpAllowed: Type.Boolean({
    default: false,
    description: 'The provider may be spoken to in plain http elsewhere than on this machine.',
  }),
};

type ProviderSettings = {
  oidcIssuer: string;
  oidcClientId: string;
  oidcHttpAllowed: boolean;
  oidcGroups: Record<string, GroupRights>;
};

/** Throws FaultError `config-invalid` for a provider that could let nobody in, or that anybody on the way could play. */
export function checkProvider({ oidcIssuer, oidcClientId, oidcHttpAllowed, oidcGroups }: ProviderSettings): void {
  if (oidcIssuer === '') return;
  const refuse = (why: string, cure: string): never => {
    throw new FaultError('config-invalid', why, { cure });
  };
  const url = URL.parse(oidcIssuer);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    refuse(`oidcIssuer: "${oidcIssuer}" is no URL`, 'Write the issuer as the provider shows it: https://…');
  } else if (url.protocol === 'http:' && !isLoopback(url.hostname) && !oidcHttpAllowed) {
    refuse(
      'oidcIssuer is plain http on another machine: whoever stands between could sign in as anybody',
      'Use https, or set oidcHttpAllowed where the line is safe.',
    );
  }
  if (oidcClientId === '') refuse('oidcIssuer is set, but oidcClientId is not', 'Register Sharp Eyes at the provider.');
  if (Object.keys(oidcGroups).length === 0) {
    refuse('oidcIssuer is set, but oidcGroups is empty: nobody could come in', 'Say which group has which roles.');
  }
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

/** The Device service: who the device is, what time it has, which services it offers. */
import type { DeviceContext, Service } from './context.ts';
import { scopesOf } from './scopes.ts';
import { NAMESPACES, type Prefix } from './soap.ts';
import { fields, type Markup, tag } from './xml.ts';

export const PATHS = {
  tds: '/onvif/device_service',
  trt: '/onvif/media_service',
  tr2: '/onvif/media2_service',
  tev: '/onvif/event_service',
  timg: '/onvif/imaging_service',
  tptz: '/onvif/ptz_service',
} as const;

type ServicePrefix = keyof typeof PATHS;

const VERSIONS: Record<ServicePrefix, [number, number]> = {
  tds: [22, 6],
  trt: [21, 12],
  tr2: [22, 6],
  tev: [22, 6],
  timg: [22, 6],
  tptz: [22, 6],
};

/** The services that this device has. */
export function offered({ habits, ptz }: Pick<DeviceContext, 'habits' | 'ptz'>): ServicePrefix[] {
  const media: ServicePrefix[] = habits.mediaVersions.map((version) => (version === 1 ? 'trt' : 'tr2'));
  return ['tds', ...media, 'tev', 'timg', ...(ptz === undefined ? [] : (['tptz'] as const))];
}

const xaddr = ({ address }: DeviceContext, prefix: ServicePrefix) => `${address}${PATHS[prefix]}`;

function dateTime(date: Date): Markup[] {
  return [
    tag(
      'tt:Time',
      fields('tt', { Hour: date.getUTCHours(), Minute: date.getUTCMinutes(), Second: date.getUTCSeconds() }),
    ),
    tag(
      'tt:Date',
      fields('tt', { Year: date.getUTCFullYear(), Month: date.getUTCMonth() + 1, Day: date.getUTCDate() }),
    ),
  ];
}

function clock({ nowMs }: DeviceContext): Markup {
  const now = new Date(nowMs());
  return tag('tds:SystemDateAndTime', [
    tag('tt:DateTimeType', 'Manual'),
    tag('tt:DaylightSavings', false),
    tag('tt:TimeZone', [tag('tt:TZ', 'CST-8')]),
    tag('tt:UTCDateTime', dateTime(now)),
    tag('tt:LocalDateTime', dateTime(new Date(now.getTime() + 8 * 3600_000))),
  ]);
}

const DEVICE_CAPABILITIES = tag('tds:Capabilities', [
  tag('tds:Network', [], { IPFilter: false, ZeroConfiguration: false, IPVersion6: false, DynDNS: false, NTP: 1 }),
  tag('tds:Security', [], {
    'TLS1.0': false,
    'TLS1.1': false,
    'TLS1.2': false,
    UsernameToken: true,
    HttpDigest: true,
    RELToken: false,
  }),
  tag('tds:System', [], { DiscoveryResolve: false, DiscoveryBye: true, RemoteDiscovery: false, SystemBackup: false }),
]);

function service(device: DeviceContext, prefix: ServicePrefix): Markup {
  const [major, minor] = VERSIONS[prefix];
  return tag('tds:Service', [
    tag('tds:Namespace', NAMESPACES[prefix satisfies Prefix]),
    tag('tds:XAddr', xaddr(device, prefix)),
    tag('tds:Version', fields('tt', { Major: major, Minor: minor })),
  ]);
}

/** The older way to say what there is; Media2 has no place in it. */
function capabilities(device: DeviceContext): Markup {
  const has = (prefix: ServicePrefix) => offered(device).includes(prefix);
  const no = (...names: string[]) => fields('tt', Object.fromEntries(names.map((name) => [name, false])));
  const streaming = { RTPMulticast: false, RTP_TCP: true, RTP_RTSP_TCP: true };
  return tag('tds:Capabilities', [
    tag('tt:Device', [
      tag('tt:XAddr', xaddr(device, 'tds')),
      tag('tt:Network', no('IPFilter', 'ZeroConfiguration', 'IPVersion6', 'DynDNS')),
      tag('tt:System', [
        ...no('DiscoveryResolve'),
        tag('tt:DiscoveryBye', true),
        ...no('RemoteDiscovery', 'SystemBackup', 'SystemLogging', 'FirmwareUpgrade'),
        tag('tt:SupportedVersions', fields('tt', { Major: 22, Minor: 6 })),
      ]),
      tag('tt:IO', fields('tt', { InputConnectors: 1, RelayOutputs: 0 })),
      tag('tt:Security', [
        ...no('TLS1.1', 'TLS1.2', 'OnboardKeyGeneration', 'AccessPolicyConfig', 'X.509Token', 'SAMLToken'),
        ...no('KerberosToken', 'RELToken'),
      ]),
    ]),
    tag('tt:Events', [
      tag('tt:XAddr', xaddr(device, 'tev')),
      tag('tt:WSSubscriptionPolicySupport', false),
      tag('tt:WSPullPointSupport', true),
      tag('tt:WSPausableSubscriptionManagerInterfaceSupport', false),
    ]),
    tag('tt:Imaging', [tag('tt:XAddr', xaddr(device, 'timg'))]),
    has('trt')
      ? tag('tt:Media', [
          tag('tt:XAddr', xaddr(device, 'trt')),
          tag('tt:StreamingCapabilities', fields('tt', streaming)),
        ])
      : undefined,
    has('tptz') ? tag('tt:PTZ', [tag('tt:XAddr', xaddr(device, 'tptz'))]) : undefined,
  ]);
}

function networkInterface({ host, identity }: DeviceContext): Markup {
  const mac = identity.uuid.slice(-12).replace(/..(?=.)/g, '$&:');
  return tag(
    'tds:NetworkInterfaces',
    [
      tag('tt:Enabled', true),
      tag('tt:Info', fields('tt', { Name: 'eth0', HwAddress: mac, MTU: 1500 })),
      tag('tt:IPv4', [
        tag('tt:Enabled', true),
        tag('tt:Config', [tag('tt:Manual', fields('tt', { Address: host, PrefixLength: 24 })), tag('tt:DHCP', false)]),
      ]),
    ],
    { token: 'eth0' },
  );
}

/** What may be asked without signing (ONVIF core, access class PRE_AUTH). */
export const BEFORE_SIGN_IN: ReadonlySet<string> = new Set([
  'GetSystemDateAndTime',
  'GetServices',
  'GetCapabilities',
  'GetServiceCapabilities',
  'GetHostname',
  'GetWsdlUrl',
  'GetEndpointReference',
]);

export const DEVICE_SERVICE: Service = {
  prefix: 'tds',
  path: PATHS.tds,
  handlers: {
    GetSystemDateAndTime: (_, device) => tag('tds:GetSystemDateAndTimeResponse', [clock(device)]),
    GetServices: (_, device) =>
      tag(
        'tds:GetServicesResponse',
        offered(device).map((prefix) => service(device, prefix)),
      ),
    GetCapabilities: (_, device) => tag('tds:GetCapabilitiesResponse', [capabilities(device)]),
    GetServiceCapabilities: () => tag('tds:GetServiceCapabilitiesResponse', [DEVICE_CAPABILITIES]),
    GetDeviceInformation: (_, { identity }) =>
      tag(
        'tds:GetDeviceInformationResponse',
        fields('tds', {
          Manufacturer: identity.manufacturer,
          Model: identity.model,
          FirmwareVersion: identity.firmware,
          SerialNumber: identity.serial,
          HardwareId: identity.hardware,
        }),
      ),
    GetHostname: (_, { identity }) =>
      tag('tds:GetHostnameResponse', [
        tag('tds:HostnameInformation', fields('tt', { FromDHCP: false, Name: `cam-${identity.uuid.slice(-6)}` })),
      ]),
    GetScopes: (_, device) =>
      tag(
        'tds:GetScopesResponse',
        scopesOf(device).map((item) => tag('tds:Scopes', fields('tt', { ScopeDef: 'Fixed', ScopeItem: item }))),
      ),
    GetNetworkInterfaces: (_, device) => tag('tds:GetNetworkInterfacesResponse', [networkInterface(device)]),
    GetDNS: () => tag('tds:GetDNSResponse', [tag('tds:DNSInformation', fields('tt', { FromDHCP: false }))]),
    GetNTP: () => tag('tds:GetNTPResponse', [tag('tds:NTPInformation', fields('tt', { FromDHCP: false }))]),
    GetDiscoveryMode: () => tag('tds:GetDiscoveryModeResponse', fields('tds', { DiscoveryMode: 'Discoverable' })),
    GetUsers: (_, { user }) =>
      tag(
        'tds:GetUsersResponse',
        user === undefined ? [] : [tag('tds:User', fields('tt', { Username: user, UserLevel: 'Administrator' }))],
      ),
    GetWsdlUrl: () => tag('tds:GetWsdlUrlResponse', fields('tds', { WsdlUrl: 'http://www.onvif.org/' })),
    GetEndpointReference: (_, { identity }) =>
      tag('tds:GetEndpointReferenceResponse', fields('tds', { GUID: `urn:uuid:${identity.uuid}` })),
    SystemReboot: (_, { reboot }) => {
      reboot();
      return tag('tds:SystemRebootResponse', fields('tds', { Message: 'Rebooting now' }));
    },
  },
};

/** An alert as OASIS Common Alerting Protocol 1.2, for public warning systems; who forwards it to the public decides on that. */
import type { Alert } from '../schema/alert.ts';
import type { Severity } from '../schema/severity.ts';

export const CAP_TYPE = 'application/cap+xml; charset=utf-8';
const NAMESPACE = 'urn:oasis:names:tc:emergency:cap:1.2';

const SEVERITY: Record<Severity, string> = { critical: 'Extreme', major: 'Severe', minor: 'Moderate', info: 'Minor' };
const URGENCY: Record<Severity, string> = {
  critical: 'Immediate',
  major: 'Expected',
  minor: 'Future',
  info: 'Unknown',
};
const CATEGORY: Partial<Record<Alert['condition'], string>> = {
  speed: 'Transport',
  'wrong-way': 'Transport',
  stopped: 'Transport',
  'flow-imbalance': 'Transport',
  camera: 'Infra',
};

/** Of what the demo made up. */
const SIMULATED_MODEL = 'simulated';

type Element = readonly [name: string, content: string | readonly Element[]];

type Naming = {
  /** Names of the areas above it, the nearest last. */
  areas: readonly string[];
  /** Where it can be looked at. */
  web?: string;
};

/** Elements in the order of the standard's schema (section 3.4). */
export function writeCap(alert: Alert, { areas, web }: Naming): string {
  const elements: Element[] = [
    ['identifier', `sharp-eyes-${alert.id}`],
    ['sender', 'sharp-eyes'],
    ['sent', capTime(alert.raisedAtMs)],
    ['status', alert.cause.model === SIMULATED_MODEL ? 'Exercise' : 'Actual'],
    ['msgType', 'Alert'],
    ['source', `rule ${alert.rule} version ${alert.ruleVersion}`],
    ['scope', 'Restricted'],
    ['restriction', 'For duty officers: raised by a machine, not yet confirmed by a person'],
    ['incidents', `sharp-eyes-${alert.incident}`],
    ['info', infoOf(alert, { areas, ...(web === undefined ? {} : { web }) })],
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="${NAMESPACE}">\n${write(elements, 1)}</alert>\n`;
}

function infoOf(alert: Alert, { areas, web }: Naming): Element[] {
  const parameters = [
    ...Object.entries(alert.values).map(([name, value]) => [name, String(value)] as const),
    ['areaPath', alert.areaPath.join('/')] as const,
    ...(alert.camera === null ? [] : [['camera', alert.camera] as const]),
  ];
  return [
    ['language', 'en-US'],
    ['category', CATEGORY[alert.condition] ?? 'Safety'],
    ['event', alert.ruleName],
    ['urgency', URGENCY[alert.severity]],
    ['severity', SEVERITY[alert.severity]],
    ['certainty', 'Observed'],
    ['onset', capTime(alert.atMs)],
    ['senderName', 'Sharp Eyes'],
    ['headline', [...alert.text].slice(0, 160).join('')],
    ['description', alert.text],
    ...(web === undefined ? [] : [['web', web] as const]),
    ...parameters.map(
      ([name, value]): Element => [
        'parameter',
        [
          ['valueName', name],
          ['value', value],
        ],
      ],
    ),
    ['area', areaOf(alert, areas)],
  ];
}

function areaOf({ position, areaPath }: Alert, areas: readonly string[]): Element[] {
  const described =
    areas.length > 0 ? areas.join(', ') : areaPath.filter((id) => id !== '_').join(', ') || 'everywhere';
  if (position === undefined) return [['areaDesc', described]];
  // A radius in kilometres that holds it with two sigma.
  const radiusKm = Math.max(0.005, (2 * position.errorM) / 1000);
  return [
    ['areaDesc', described],
    ['circle', `${position.lat.toFixed(6)},${position.lon.toFixed(6)} ${radiusKm.toFixed(3)}`],
  ];
}

/** The standard takes no `Z` (section 3.3.2): UTC is `-00:00`. */
const capTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}-00:00`;

function write(elements: readonly Element[], depth: number): string {
  const indent = '  '.repeat(depth);
  return elements
    .map(([name, content]) =>
      typeof content === 'string'
        ? `${indent}<${name}>${escaped(content)}</${name}>\n`
        : `${indent}<${name}>\n${write(content, depth + 1)}${indent}</${name}>\n`,
    )
    .join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 has not are left out. */
function escaped(text: string): string {
  return [...text]
    .filter((char) => char >= ' ' || char === '\n' || char === '\t')
    .join('')
    .replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}

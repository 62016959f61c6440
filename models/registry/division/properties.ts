/** From the properties of a feature, named as others name them, to those of an area. */
import { AREA_FACTS, AREA_FORMS, AREA_LEVELS, type AreaForm, type AreaLevel } from '../../schema/area.ts';
import { isId } from '../../schema/id.ts';

export const AREA_PROPERTIES = ['id', 'name', 'level', 'parent', ...AREA_FACTS] as const;
export type AreaProperty = (typeof AREA_PROPERTIES)[number];

/** Names under which a property is found where ours is absent; dBASE cuts names at ten letters. */
const ALIASES: Record<AreaProperty, readonly string[]> = {
  id: ['编号', '编码', '代码', '网格编号', '网格编码'],
  name: ['名称', '网格名称'],
  level: ['级别', '层级'],
  parent: ['上级', '上级编号', '上级编码', 'parent_id'],
  households: ['户数'],
  form: ['形态', '类型'],
  leaders: ['网格长数', '网格长人数'],
  fullTimeWorkers: ['专职网格员数', '专职人数', '专职数', 'full_time', 'fulltime', 'fullTimeWo', 'FULLTIMEWO'],
  partTimeWorkers: ['兼职网格员数', '兼职人数', '兼职数', 'part_time', 'parttime', 'partTimeWo', 'PARTTIMEWO'],
};

const LEVEL_WORDS: Record<string, AreaLevel> = {
  市: 'city',
  城市: 'city',
  区: 'district',
  县: 'district',
  区县: 'district',
  街道: 'street',
  镇: 'street',
  乡: 'street',
  街镇: 'street',
  乡镇: 'street',
  社区: 'village',
  村: 'village',
  村居: 'village',
  网格: 'grid',
};

const FORM_WORDS: Record<string, AreaForm> = {
  路块: 'road-block',
  街区: 'road-block',
  小区: 'estate',
  住宅小区: 'estate',
  楼宇: 'building',
  楼栋: 'building',
  商圈: 'business-quarter',
  商务区: 'business-quarter',
  村民小组: 'village-group',
  村组: 'village-group',
};

export type PropertyOptions = {
  /** Ours → theirs. */
  names?: Partial<Record<AreaProperty, string>>;
  /** For features that say none. */
  level?: AreaLevel | undefined;
  parent?: string | undefined;
};

/** Properties under our names; values of a wrong kind stay as they came, so that the check can say so. */
export function readProperties(raw: Record<string, unknown>, options: PropertyOptions): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const property of AREA_PROPERTIES) {
    const value = trimmed(find(raw, property, options.names?.[property]));
    if (value !== undefined && value !== null && value !== '') read[property] = value;
  }
  if (read.level === undefined && options.level !== undefined) read.level = options.level;
  if (read.parent === undefined && options.parent !== undefined && read.level !== 'city') read.parent = options.parent;
  for (const property of ['id', 'parent'] as const) if (property in read) read[property] = asId(read[property]);
  if ('name' in read) read.name = String(read.name);
  read.level = word(read.level, AREA_LEVELS, LEVEL_WORDS);
  read.form = word(read.form, AREA_FORMS, FORM_WORDS);
  for (const property of ['households', 'leaders', 'fullTimeWorkers', 'partTimeWorkers'])
    if (property in read) read[property] = asNumber(read[property]);
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

function find(raw: Record<string, unknown>, property: AreaProperty, theirs: string | undefined): unknown {
  if (theirs !== undefined) return raw[theirs];
  if (raw[property] !== undefined) return raw[property];
  for (const alias of ALIASES[property]) if (raw[alias] !== undefined) return raw[alias];
  return undefined;
}

const trimmed = (value: unknown) => (typeof value === 'string' ? value.trim() : value);

/** Codes of other systems are often numbers, in capitals or with underscores: made into ids the same way everywhere. */
function asId(value: unknown): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string' || isId(value)) return value;
  const made = value.toLowerCase().replaceAll('_', '-');
  return isId(made) ? made : value;
}

function word<Value extends string>(value: unknown, known: readonly Value[], words: Record<string, Value>): unknown {
  if (typeof value !== 'string') return value;
  const lower = value.toLowerCase();
  return known.find((each) => each === lower) ?? words[value] ?? value;
}

const asNumber = (value: unknown) =>
  typeof value === 'string' && /^-?\d+(\.0+)?$/.test(value) ? Number(value) : value;

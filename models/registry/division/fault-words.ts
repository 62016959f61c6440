/** What is wrong with a division, in English and Chinese; both go into exports, which others open far from our page. */
import type { DivisionFaultCode } from '../../schema/division.ts';

type Said = { name: string; other?: string; m2?: string; detail?: string };
type Words = { en: string; zh: string };

const WORDS: Record<DivisionFaultCode, (said: Said) => Words> = {
  'polygon-invalid': ({ name, detail }) => ({ en: `${name}: ${detail}`, zh: `“${name}”的边界无效：${detail}` }),
  gap: ({ name, m2 }) => ({
    en: `${m2} of ${name} belong to no area below it`,
    zh: `“${name}”内有 ${m2}不属于任何下级区域`,
  }),
  overlap: ({ name, other, m2 }) => ({ en: `${name} and ${other} share ${m2}`, zh: `“${name}”与“${other}”重叠 ${m2}` }),
  sliver: ({ name, other, m2, detail }) => ({
    en:
      detail === 'gap'
        ? `a thin strip of ${m2} in ${name} belongs to no area below it: the borders were drawn twice`
        : detail === 'outside'
          ? `a thin strip of ${m2} of ${name} lies outside of ${other}: the borders were drawn twice`
          : `${name} and ${other} share a thin strip of ${m2}: the border was drawn twice`,
    zh:
      detail === 'gap'
        ? `“${name}”内有一条 ${m2}的狭缝不属于任何下级区域：边界被重复绘制`
        : detail === 'outside'
          ? `“${name}”有一条 ${m2}的狭条在“${other}”之外：边界被重复绘制`
          : `“${name}”与“${other}”之间有一条 ${m2}的狭缝重叠：边界被重复绘制`,
  }),
  'outside-parent': ({ name, other, m2 }) => ({
    en: `${m2} of ${name} lie outside of its parent ${other}`,
    zh: `“${name}”有 ${m2}在上级“${other}”之外`,
  }),
  'wrong-parent': ({ name, other, detail }) => ({
    en: `${name} is not in its parent ${other}${detail === undefined ? '' : `; it lies in ${detail}`}`,
    zh: `“${name}”不在上级“${other}”内${detail === undefined ? '' : `，而在“${detail}”内`}`,
  }),
  orphan: ({ name, detail }) => ({
    en: detail === undefined ? `${name} has no parent` : `${name} has the parent ${detail}, which is not there`,
    zh: detail === undefined ? `“${name}”没有上级` : `“${name}”的上级 ${detail} 不存在`,
  }),
  undivided: ({ name }) => ({ en: `${name} is not divided into grids`, zh: `“${name}”未划分网格` }),
  'households-few': ({ name, detail }) => ({
    en: `${name} has ${detail} households, fewer than 300`,
    zh: `“${name}”有 ${detail} 户，少于 300 户`,
  }),
  'households-many': ({ name, detail }) => ({
    en: `${name} has ${detail} households, more than 500`,
    zh: `“${name}”有 ${detail} 户，多于 500 户`,
  }),
  'households-unknown': ({ name }) => ({ en: `${name} says no households`, zh: `“${name}”未填户数` }),
  'no-leader': ({ name }) => ({ en: `${name} has no grid leader`, zh: `“${name}”没有网格长` }),
  'no-full-time-worker': ({ name }) => ({
    en: `${name} has no full-time grid worker`,
    zh: `“${name}”没有专职网格员`,
  }),
  'not-computed': ({ name, detail }) => ({
    en: `the ground of ${name} could not be computed: ${detail}`,
    zh: `“${name}”的地面范围无法计算：${detail}`,
  }),
};

export function faultWords(code: DivisionFaultCode, said: Omit<Said, 'm2'>, areaM2: number | null = null): Words {
  const whole = areaM2 === null ? '' : Math.round(areaM2).toLocaleString('en-GB');
  const { en } = WORDS[code]({ ...said, m2: `${whole} m²` });
  const { zh } = WORDS[code]({ ...said, m2: `${whole} 平方米` });
  return { en, zh };
}

import { describe, expect, it } from 'vitest';
import { groupsOf, rightsOf } from '#api/people/provider/rights.ts';

const areas = new Set(['jinan', 'lixia', 'shizhong']);
const rights = (groups: string[], oidcGroups: Parameters<typeof rightsOf>[1]['oidcGroups']) =>
  rightsOf(groups, { oidcGroups }, areas);

describe('groupsOf', () => {
  it('takes a list or one name, from a claim of that name or from one within others', () => {
    expect(groupsOf({ groups: ['a', 'b'] }, 'groups')).toEqual(['a', 'b']);
    expect(groupsOf({ groups: 'a' }, 'groups')).toEqual(['a']);
    expect(groupsOf({ realm_access: { roles: ['a'] } }, 'realm_access.roles')).toEqual(['a']);
    expect(groupsOf({ 'https://city.test/groups': ['a'] }, 'https://city.test/groups')).toEqual(['a']);
  });

  it('finds none in what is something else', () => {
    expect(groupsOf({}, 'groups')).toEqual([]);
    expect(groupsOf({ groups: [1, null, { name: 'a' }] }, 'groups')).toEqual([]);
    expect(groupsOf({ groups: 'text' }, 'groups.length')).toEqual([]);
    expect(groupsOf({ list: ['a'] }, 'list.length')).toEqual([]);
  });
});

describe('rightsOf', () => {
  it('gives roles and areas of the group that fits, and nothing to whoever is in none', () => {
    expect(rights(['duty'], { duty: { roles: ['officer'], scope: ['lixia'] } })).toEqual({
      roles: ['officer'],
      scope: ['lixia'],
    });
    expect(rights(['other'], { duty: { roles: ['officer'] } })).toBeUndefined();
    expect(rights([], { duty: { roles: ['officer'] } })).toBeUndefined();
  });

  it('joins roles of groups with the same areas only, so that no role reaches beyond its own', () => {
    const groups = {
      duty: { roles: ['officer' as const], scope: ['lixia', 'shizhong'] },
      figures: { roles: ['analyst' as const] },
      cameras: { roles: ['engineer' as const], scope: ['shizhong', 'lixia'] },
    };
    const found = rights(['cameras', 'figures', 'duty'], groups);
    expect(found).toEqual({ roles: ['officer', 'engineer'], scope: ['lixia', 'shizhong'] });
    expect(rights(['cameras', 'figures'], groups)).toEqual({ roles: ['analyst'], scope: [] });
  });

  it('never makes "everywhere" of areas that do not exist', () => {
    expect(rights(['duty'], { duty: { roles: ['officer'], scope: ['gone'] } })).toBeUndefined();
    const found = rights(['duty'], { duty: { roles: ['officer'], scope: ['gone', 'lixia'] } });
    expect(found?.scope).toEqual(['lixia']);
  });
});

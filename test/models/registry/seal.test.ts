import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildAreaTree } from '#models/registry/area-tree.ts';
import { seal, unseal } from '#models/registry/seal.ts';

describe('sealed camera passwords', () => {
  const key = randomBytes(32);

  it('come back with the key and the owner they were sealed for, whatever they hold', () => {
    for (const password of ['a', '@:/#% 密码', 'x'.repeat(500)])
      expect(unseal(seal(password, key, 'gate-3'), key, 'gate-3')).toBe(password);
  });

  it('stay shut for another key, another owner, or a changed text', () => {
    const sealed = seal('secret', key, 'gate-3');
    expect(() => unseal(sealed, randomBytes(32), 'gate-3')).toThrow();
    expect(() => unseal(sealed, key, 'gate-4')).toThrow();
    const bytes = Buffer.from(sealed, 'base64url');
    bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
    expect(() => unseal(bytes.toString('base64url'), key, 'gate-3')).toThrow();
    expect(() => unseal('AA', key, 'gate-3')).toThrow(/not one of ours/);
  });

  it('never look the same twice', () => {
    expect(seal('secret', key, 'a')).not.toBe(seal('secret', key, 'a'));
  });
});

describe('the tree of areas', () => {
  const tree = buildAreaTree([
    { id: 'c', level: 'city', parent: null },
    { id: 'd', level: 'district', parent: 'c' },
    { id: 'g', level: 'grid', parent: 'd' },
    { id: 'loop', level: 'street', parent: 'loop' },
  ]);

  it('gives five tokens from city to grid, "_" where a level is unknown', () => {
    expect(tree.pathOf('g')).toEqual(['c', 'd', '_', '_', 'g']);
    expect(tree.pathOf('nowhere')).toEqual(['_', '_', '_', '_', '_']);
    expect(tree.pathOf(null)).toEqual(['_', '_', '_', '_', '_']);
  });

  it('knows what lies within what, and ends on a tree that bites its tail', () => {
    expect(tree.isWithin('g', 'c')).toBe(true);
    expect(tree.isWithin('c', 'g')).toBe(false);
    expect(tree.pathOf('loop')).toEqual(['_', '_', 'loop', '_', '_']);
  });
});

import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashPassword, isOutdated, isPassword } from '#api/people/password.ts';

describe('a password', () => {
  it('is kept as argon2id, salted: the same twice are two texts, and only the right one opens', async () => {
    const [one, other] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(other);
    expect(await isPassword('correct horse', one)).toBe(true);
    expect(await isPassword('battery staple', one)).toBe(false);
    expect(await isPassword('correct horse', undefined)).toBe(false);
    expect(isOutdated(one)).toBe(false);
  });

  it('that was kept with scrypt still opens, and is due for a new hash', async () => {
    const salt = Buffer.alloc(16, 7);
    const hash = scryptSync('correct horse', salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 28 });
    const kept = `$scrypt$ln=15,r=8,p=3$${salt.toString('base64url')}$${hash.toString('base64url')}`;
    expect(await isPassword('correct horse', kept)).toBe(true);
    expect(await isPassword('battery staple', kept)).toBe(false);
    expect(isOutdated(kept)).toBe(true);
  });
});

/** A device that locks out after several bad logins: right ones are refused as well, and every try starts it anew. */

export type LockOut = { triesMax: number; lockS: number };

export type LoginGuard = {
  /** Notes a login and says whether it is let in. */
  admit(isRight: boolean): boolean;
  isLocked(): boolean;
};

/** Without `lockOut` right ones are let in, always. */
export function createLoginGuard(lockOut?: LockOut): LoginGuard {
  let failures = 0;
  let lockedUntilMs = Number.NEGATIVE_INFINITY;
  const isLocked = () => performance.now() < lockedUntilMs;
  const lock = (lockS: number) => {
    lockedUntilMs = performance.now() + lockS * 1000;
    failures = 0;
  };
  return {
    isLocked,
    admit(isRight) {
      if (lockOut === undefined) return isRight;
      if (isLocked()) {
        lock(lockOut.lockS);
        return false;
      }
      failures = isRight ? 0 : failures + 1;
      if (failures >= lockOut.triesMax) lock(lockOut.lockS);
      return isRight;
    },
  };
}

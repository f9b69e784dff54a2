/**
 * Whether two values are deeply equal: the same by `Object.is`, or of one class with equal content.
 * Cycles are followed once. Weak collections and promises are equal only to themselves.
 */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}

/** For each object of `a` being compared, the objects of `b` it is compared with. */
type Seen = Map<object, Set<object>>;

function compare(a: unknown, b: unknown, seen: Seen): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || !sameClass(a, b)) return false;
  // A pair already under comparison is equal unless a difference shows elsewhere.
  if (seen.get(a)?.has(b)) return true;
  seen.set(a, (seen.get(a) ?? new Set()).add(b));
  return sameContent(a, b, seen) && sameProperties(a, b, seen);
}

function sameContent(a: object, b: object, seen: Seen): boolean {
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
  if (a instanceof Number || a instanceof String || a instanceof Boolean) {
    return Object.is(a.valueOf(), b.valueOf());
  }
  if (a instanceof Error && b instanceof Error) {
    return a.name === b.name && a.message === b.message &&
      compare(a.cause, b.cause, seen);
  }
  if (a instanceof WeakRef && b instanceof WeakRef) {
    return compare(a.deref(), b.deref(), seen);
  }
  if (a instanceof Map && b instanceof Map) return sameMap(a, b, seen);
  if (a instanceof Set && b instanceof Set) return sameSet(a, b, seen);
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    return compare(new Uint8Array(a), new Uint8Array(b), seen);
  }
  if (a instanceof DataView && b instanceof DataView) {
    return compare(bytesOf(a), bytesOf(b), seen);
  }
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length;
  return !(a instanceof WeakMap || a instanceof WeakSet ||
    a instanceof Promise);
}

function sameProperties(a: object, b: object, seen: Seen): boolean {
  const keys = enumerableKeys(a);
  if (keys.length !== enumerableKeys(b).length) return false;
  return keys.every((key) =>
    Object.prototype.propertyIsEnumerable.call(b, key) &&
    compare(Reflect.get(a, key), Reflect.get(b, key), seen)
  );
}

function sameMap(
  a: Map<unknown, unknown>,
  b: Map<unknown, unknown>,
  seen: Seen,
): boolean {
  if (a.size !== b.size) return false;
  if ([...a.keys()].every((key) => b.has(key))) {
    return [...a].every(([key, value]) => compare(value, b.get(key), seen));
  }
  return sameMembers([...a], [...b], seen);
}

function sameSet(a: Set<unknown>, b: Set<unknown>, seen: Seen): boolean {
  if (a.size !== b.size) return false;
  return [...a].every((value) => b.has(value)) ||
    sameMembers([...a], [...b], seen);
}

/** Pairs each member of `a` with its own equal member of `b`, in any order. */
function sameMembers(a: unknown[], b: unknown[], seen: Seen): boolean {
  const rest = [...b];
  return a.every((member) => {
    // A failed attempt may leave pairs behind, so each one works on its own copy.
    const at = rest.findIndex((other) => compare(member, other, copy(seen)));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function copy(seen: Seen): Seen {
  return new Map([...seen].map(([a, bs]) => [a, new Set(bs)]));
}

/** One class: an object without a prototype counts as a plain one. */
function sameClass(a: object, b: object): boolean {
  return (a.constructor ?? Object) === (b.constructor ?? Object);
}

function enumerableKeys(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

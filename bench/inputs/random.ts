/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
}

/** A 32-bit linear congruential state with a mixing step on the way out; good enough for sample inputs, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x45d9f3b)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]) => items[below(items.length)] as T, // in range: `below` stays under the length
  }
}

/**
 * The `index`-th of 2^40 distinct ids, as ten hexadecimal digits in an order that looks random. A Feistel network over two
 * halves of 20 bits is a permutation, so ids never repeat and none need be remembered.
 */
export function hexId(index: number, key: number): string {
  const mask = 0xfffff
  let left = Math.floor(index / 2 ** 20) & mask
  let right = index & mask
  for (let round = 1; round <= 4; round++) {
    const mixed = Math.imul(right ^ key, 0x9e3779b1 + round)
    ;[left, right] = [right, left ^ ((mixed ^ (mixed >>> 13)) & mask)]
  }
  return (left * 2 ** 20 + right).toString(16).toUpperCase().padStart(10, '0')
}

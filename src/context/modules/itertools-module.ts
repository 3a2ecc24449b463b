import { hostFunction, isInteger, iterate, str, Tuple } from '../../template/index.ts'
import { readArguments } from '../objects/arguments.ts'
import { module } from './module.ts'

/** `modules.itertools`, as lists. The endless ones are left out, but for `repeat` and `count` with an end. */
export const itertoolsModule = module('itertools', [
  ['chain', hostFunction('chain', (args) => args.flatMap((items) => [...iterate(items)]))],
  [
    'product',
    hostFunction('product', (args, kwargs) => {
      const pools = args.map((items) => [...iterate(items)])
      const times = kwargs.has('repeat') ? Number(kwargs.get('repeat')) : 1
      return product(Array.from({ length: times }, () => pools).flat()).map((items) => new Tuple(items))
    }),
  ],
  ['combinations', chooser('combinations', (length, index) => range(index + 1, length))],
  ['combinations_with_replacement', chooser('combinations_with_replacement', (length, index) => range(index, length))],
  [
    'permutations',
    hostFunction('permutations', (args, kwargs) => {
      const [items, size] = readArguments('permutations', ['iterable', 'r'], args, kwargs)
      const pool = [...iterate(items)]
      return permutations(pool, isInteger(size) ? Number(size) : pool.length).map((chosen) => new Tuple(chosen))
    }),
  ],
  [
    'zip_longest',
    hostFunction('zip_longest', (args, kwargs) => {
      const lists = args.map((items) => iterate(items))
      const longest = Math.max(0, ...lists.map((list) => list.length))
      const filler = kwargs.has('fillvalue') ? kwargs.get('fillvalue') : null
      return range(0, longest).map((row) => new Tuple(lists.map((list) => (row < list.length ? list[row] : filler))))
    }),
  ],
  [
    'repeat',
    hostFunction('repeat', (args, kwargs) => {
      const [value, times] = readArguments('repeat', ['object', 'times'], args, kwargs)
      return Array.from({ length: Number(str(times)) }, () => value)
    }),
  ],
  [
    'islice',
    hostFunction('islice', (args) => {
      const [items, ...limits] = args
      const [start, stop, step] = limits.length === 1 ? [0, limits[0], 1] : limits
      const list = iterate(items)
      const end = isInteger(stop) ? Math.min(Number(stop), list.length) : list.length
      const stride = isInteger(step) ? Number(step) : 1
      return range(isInteger(start) ? Number(start) : 0, end)
        .filter((_, index) => index % stride === 0)
        .map((index) => list[index])
    }),
  ],
  [
    'accumulate',
    hostFunction('accumulate', (args) => {
      let sum = 0
      return iterate(args[0]).map((value) => (sum += Number(value)))
    }),
  ],
])

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index)
}

function product(pools: readonly (readonly unknown[])[]): unknown[][] {
  return pools.reduce<unknown[][]>((rows, pool) => rows.flatMap((row) => pool.map((item) => [...row, item])), [[]])
}

/** A choice of `r` items; `next` tells which positions may follow one that was chosen. */
function chooser(name: string, next: (length: number, index: number) => number[]): unknown {
  return hostFunction(name, (args, kwargs) => {
    const [items, size] = readArguments(name, ['iterable', 'r'], args, kwargs)
    const pool = [...iterate(items)]
    const choose = (candidates: readonly number[], left: number): number[][] => {
      if (left === 0) return [[]]
      return candidates.flatMap((index) => choose(next(pool.length, index), left - 1).map((rest) => [index, ...rest]))
    }
    return choose(range(0, pool.length), Number(size)).map((chosen) => new Tuple(chosen.map((index) => pool[index])))
  })
}

function permutations(pool: readonly unknown[], size: number): unknown[][] {
  if (size === 0) return [[]]
  return pool.flatMap((item, index) => {
    return permutations(pool.toSpliced(index, 1), size - 1).map((rest) => [item, ...rest])
  })
}

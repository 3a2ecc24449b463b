import type { Flags, World } from './flags.ts'

/** Whether what is written to the standard output may have colours: as asked for, or where a terminal shows them. */
export function usesColor({ color }: Flags, { stdout, env }: Pick<World, 'stdout' | 'env'>): boolean {
  return color ?? (stdout.isTTY === true && !env.NO_COLOR)
}

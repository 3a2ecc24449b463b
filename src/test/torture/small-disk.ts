import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

/** A file system of its own in memory, which can be made as small as what is on it. */
export interface SmallDisk {
  readonly folder: string
  /** Starts processes that feel it, where that is not everybody. */
  readonly wrapper: readonly string[]
  /** Makes it so large that this much space is left. */
  leave(bytes: number): Promise<void>
  remove(): Promise<void>
}

/** Only root may mount one. `torture.ts` starts root's harness in a mount namespace of its own, so that it goes away with it. */
export async function makeSmallDisk(parent: string, bytes: number): Promise<SmallDisk> {
  const folder = join(parent, 'small')
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder])
  chmodSync(folder, 0o777)
  return {
    folder,
    wrapper: [],
    async leave(space) {
      const { blocks, bfree, bsize } = statfsSync(folder)
      const size = (blocks - bfree) * bsize + space
      execFileSync('mount', ['-o', `remount,size=${size}`, folder])
    },
    async remove() {
      execFileSync('umount', ['--lazy', folder])
    },
  }
}

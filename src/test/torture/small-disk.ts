import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A place that can be made as small as what lies in it. */
export interface SmallDisk {
  readonly folder: string
  /** Starts processes that feel it, where not everybody does. */
  readonly wrapper: readonly string[]
  /** Leaves this much space. */
  leave(bytes: number): void
  remove(): void
}

/**
 * A file system of its own in memory. Throws where mounting is not permitted. `main.ts` starts the harness in a mount
 * namespace of its own, so that it goes away with the harness, however that ends.
 */
export function mountSmallDisk(parent: string, bytes: number): SmallDisk {
  const folder = join(parent, 'small')
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'pipe' })
  chmodSync(folder, 0o777)
  return {
    folder,
    wrapper: [],
    leave(space) {
      const { blocks, bfree, bsize } = statfsSync(folder)
      const size = (blocks - bfree) * bsize + space
      execFileSync('mount', ['-o', `remount,size=${size}`, folder])
    },
    remove: () => void execFileSync('umount', ['--lazy', folder]),
  }
}

const BLOCK = 512

/**
 * Where nothing may be mounted, the processes of the runs get a limit on the size of their files instead: a write beyond it
 * fails as it does on a full disk, with another word.
 */
export function limitFileSizes(parent: string): SmallDisk {
  const folder = join(parent, 'small')
  mkdirSync(folder)
  const limitFile = join(parent, 'limit')
  writeFileSync(limitFile, 'unlimited')
  return {
    folder,
    wrapper: ['sh', '-c', `ulimit -f $(cat '${limitFile}'); exec "$@"`, 'sh'],
    leave(space) {
      const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
      writeFileSync(limitFile, String(Math.ceil((Math.max(...sizes, 0) + space) / BLOCK)))
    },
    remove: () => {},
  }
}

/** A segment of the server's log has this size, and must fit. */
const LEAST = 16 * 1024 * 1024

/** The same for a server: the limit is the postmaster's, and each new backend inherits it. */
export function limitFileSizesOf(
  pid: number,
  owner: { readonly uid: number; readonly gid: number } | undefined,
): Pick<SmallDisk, 'leave' | 'remove'> {
  const limit = (size: number | 'unlimited') => {
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${size}:`], { ...owner, stdio: 'pipe' })
  }
  return {
    leave: (space) => limit(Math.max(space, LEAST)),
    remove: () => limit('unlimited'),
  }
}

import { access, constants, mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Flags, World } from './flags.ts'
import type { LoadedProject } from './load-project.ts'

/**
 * Makes the folders of what a run writes beside the database, before it builds anything: it would be a pity to find out
 * afterwards. Throws `UserError` (`output-not-writable`).
 */
export async function prepareOutputs(project: LoadedProject, flags: Flags, world: World): Promise<void> {
  const folders = [project.targetPath]
  if (flags.junit !== undefined) folders.push(dirname(resolve(world.cwd, flags.junit)))
  for (const folder of folders) {
    await writing(async () => {
      await mkdir(folder, { recursive: true })
      await access(folder, constants.W_OK)
    })
  }
}

/**
 * Does some writing of files; what the operating system says no to becomes a `UserError` (`output-not-writable`). `flag` is
 * the one that says where they are; false where none does.
 */
export async function writing<Result>(
  work: () => Promise<Result>,
  flag: string | false = '--target-path',
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    const what = 'path' in error ? `"${String(error.path)}"` : 'What a run leaves'
    throw new UserError(
      problem('output-not-writable', `${what} cannot be written: ${reasonOf(error.message)}.`, {
        hint: flag
          ? `make it writable, free some space, or choose another place with ${flag}`
          : 'make it writable, or free some space',
      }),
      { cause: error },
    )
  }
}

/** `ENOSPC: no space left on device, write` without the code and the call. */
function reasonOf(message: string): string {
  return /^[A-Z]+: (?<reason>[^,]+)/.exec(message)?.groups?.reason ?? message
}

import { rm } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { childOf, itemsOf } from '../config/located-value.ts'
import type { ProjectFile } from '../config/project-file.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Span } from '../text/source-file.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { findProject } from './locate-project.ts'

/** `lavra clean`: deletes the folders that `clean-targets` names; refuses any that is not inside the project. */
export async function clean(flags: Flags, world: World): Promise<ExitCode> {
  const { root, file } = findProject(flags, world)
  const folders = file.cleanTargets.map((folder) => ({ folder, path: join(root, folder) }))
  const outside = folders.filter(({ folder, path }) => isAbsolute(folder) || !isInside(root, path))
  if (outside.length > 0) {
    throw new UserError(
      outside.map(({ folder }) =>
        problem('path-outside-project', `"${folder}" of "clean-targets" is not inside the project.`, {
          ...placeOf(file, folder),
          hint: 'name folders of the project, relative to it',
        }),
      ),
    )
  }
  for (const { folder, path } of folders) {
    await rm(path, { recursive: true, force: true })
    world.stdout.write(`Deleted ${folder}\n`)
  }
  return 0
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && !way.startsWith('..') && !isAbsolute(way)
}

/** Where the project file names the folder; nowhere for the target path's own. */
function placeOf({ at }: ProjectFile, folder: string): { readonly place?: Span } {
  const written = childOf(at, 'clean-targets')
  const item = written && itemsOf(written).find(({ value }) => value === folder)
  return item ? { place: item.place } : {}
}

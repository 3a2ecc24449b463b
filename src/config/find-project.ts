import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { SourceFile } from '../text/source-file.ts'

/** The project file's names: ours, and dbt's. */
const FILE_NAMES = ['project.yml', 'dbt_project.yml'] as const

export interface FoundProject {
  /** Absolute path of the project folder. */
  readonly root: string
  readonly file: SourceFile
}

/**
 * The project of a folder: the nearest folder, upwards from `start`, that holds a project file. With `exact` only `start`
 * itself is looked at (`--project-dir`). Throws `UserError` (`project-not-found`, `project-file-twice`).
 */
export function findProject(start: string, options: { readonly exact: boolean } = { exact: false }): FoundProject {
  const from = resolve(start)
  for (let folder = from; ; folder = dirname(folder)) {
    const found = FILE_NAMES.filter((name) => existsSync(join(folder, name)))
    if (found.length > 1) throw new UserError(projectFileTwice(folder))
    const name = found[0]
    if (name) return { root: folder, file: { path: name, text: readFileSync(join(folder, name), 'utf8') } }
    if (options.exact || folder === dirname(folder)) throw new UserError(projectNotFound(from, options.exact))
  }
}

function projectNotFound(from: string, exact: boolean) {
  const where = exact ? `in "${from}"` : `in "${from}" or a folder above it`
  return problem('project-not-found', `There is no project.yml (or dbt_project.yml) ${where}.`, {
    hint: 'go to the folder of a project, name one with --project-dir, or make one with "lavra init"',
  })
}

function projectFileTwice(folder: string) {
  return problem('project-file-twice', `"${folder}" has both a project.yml and a dbt_project.yml.`, {
    hint: 'keep one of them',
  })
}

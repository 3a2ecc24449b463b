import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { childOf, itemsOf, type LocatedValue } from '../config/located-value.ts'
import type { ProjectFile } from '../config/project-file.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { type SourceFile, span } from '../text/source-file.ts'

/** A file of a resource folder. */
export interface FoundFile {
  readonly file: SourceFile
  /** Path below the resource folder: `silver/stg_orders.sql`. */
  readonly below: string
}

/** A seed's data stays on disk: only its path goes through the pipeline. */
export interface FoundSeed {
  /** Relative to the project folder, with forward slashes. */
  readonly path: string
  readonly absolutePath: string
  readonly below: string
  readonly bytes: number
}

/** The files of a project by what they hold, each list in order of path. */
export interface ProjectFiles {
  readonly models: readonly FoundFile[]
  readonly snapshots: readonly FoundFile[]
  readonly singularTests: readonly FoundFile[]
  /** Files with `{% macro %}`, `{% test %}` and `{% materialization %}` blocks. */
  readonly macros: readonly FoundFile[]
  readonly seeds: readonly FoundSeed[]
  readonly properties: readonly FoundFile[]
  /** Markdown with `{% docs %}` blocks. */
  readonly docs: readonly FoundFile[]
}

const GENERIC_TESTS = /^generic\//

/**
 * Reads the resource folders of a project; a folder that is not there holds nothing. Symbolic links are followed. Folders
 * of installed packages and what Lavra writes are left out. Throws `UserError` for a folder outside the project and
 * for models in Python.
 */
export function readProject(root: string, project: ProjectFile): ProjectFiles {
  checkFolders(root, project)
  const skipped = new Set([project.targetPath, project.packagesPath, 'dbt_modules', 'node_modules', 'logs'])
  const list = (folders: readonly string[]) =>
    folders.flatMap((folder) => listFiles(root, folder, skipped)).sort(byPath)
  const models = list(project.modelPaths)
  const snapshots = list(project.snapshotPaths)
  const tests = list(project.testPaths)
  const macros = list(project.macroPaths)
  const seeds = list(project.seedPaths)
  const all = [models, snapshots, tests, macros, seeds, list(project.analysisPaths), list(project.docsPaths)].flat()
  const read = (files: readonly ListedFile[], extension: RegExp) =>
    unique(files.filter((file) => extension.test(file.path))).map((file) => readText(file))
  const python = models.filter(({ path }) => path.endsWith('.py'))
  if (python.length > 0) throw new UserError(python.map(pythonModel))
  const sqlTests = read(tests, /\.sql$/i)
  return {
    models: read(models, /\.sql$/i),
    snapshots: read(snapshots, /\.sql$/i),
    singularTests: sqlTests.filter(({ below }) => !GENERIC_TESTS.test(below)),
    macros: [...read(macros, /\.sql$/i), ...sqlTests.filter(({ below }) => GENERIC_TESTS.test(below))],
    seeds: unique(seeds.filter((file) => /\.csv$/i.test(file.path))).map(seedOf),
    properties: read(all, /\.ya?ml$/i),
    docs: read(all, /\.md$/i),
  }
}

export interface ListedFile {
  readonly path: string
  readonly absolutePath: string
  readonly below: string
}

/** The files below a folder of the project, hidden ones left out. Links are followed. */
export function listFiles(root: string, folder: string, skipped: ReadonlySet<string>): readonly ListedFile[] {
  const found: ListedFile[] = []
  const start = join(root, folder)
  const visit = (absolute: string, above: ReadonlySet<string>) => {
    const real = realpathSync(absolute)
    // A link that leads back up would never end.
    if (above.has(real)) return
    const around = new Set([...above, real])
    for (const entry of readdirSync(absolute, { withFileTypes: true })) {
      const absolutePath = join(absolute, entry.name)
      const path = slashes(relative(root, absolutePath))
      if (entry.name.startsWith('.') || skipped.has(path)) continue
      const kind = entry.isSymbolicLink() ? statSync(absolutePath, { throwIfNoEntry: false }) : entry
      if (kind?.isDirectory()) visit(absolutePath, around)
      else if (kind?.isFile()) found.push({ path, absolutePath, below: slashes(relative(start, absolutePath)) })
    }
  }
  if (statSync(start, { throwIfNoEntry: false })?.isDirectory()) visit(start, new Set())
  return found
}

/** Folders may contain each other (`models`, `models/shared`): a file is read once, below the innermost that comes first. */
function unique(files: readonly ListedFile[]): readonly ListedFile[] {
  const byFile = new Map<string, ListedFile>()
  for (const file of files) if (!byFile.has(file.path)) byFile.set(file.path, file)
  return [...byFile.values()]
}

export function readText({ path, absolutePath, below }: ListedFile): FoundFile {
  const bytes = readBytes(path, absolutePath)
  const text = bytes.toString('utf8')
  // The mark of a byte that is not UTF-8 may also stand in the file itself.
  const damaged = text.indexOf('\uFFFD')
  if (damaged >= 0 && !Buffer.from(text).equals(bytes)) throw new UserError(notUtf8({ path, text }, damaged))
  return { file: { path, text: text.replace(/^\uFEFF/, '') }, below }
}

function readBytes(path: string, absolutePath: string): Buffer {
  try {
    return readFileSync(absolutePath)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(problem('file-unreadable', `The file "${path}" cannot be read: ${reason}.`), { cause })
  }
}

function notUtf8(file: SourceFile, at: number) {
  return problem('file-encoding', `The file "${file.path}" is not UTF-8.`, {
    place: span(file, at, at + 1),
    hint: 'it may be Latin-1, Windows-1252 or UTF-16: save it as UTF-8',
  })
}

function seedOf({ path, absolutePath, below }: ListedFile): FoundSeed {
  return { path, absolutePath, below, bytes: statSync(absolutePath).size }
}

function checkFolders(root: string, project: ProjectFile): void {
  const keys = {
    'model-paths': project.modelPaths,
    'seed-paths': project.seedPaths,
    'snapshot-paths': project.snapshotPaths,
    'test-paths': project.testPaths,
    'macro-paths': project.macroPaths,
    'analysis-paths': project.analysisPaths,
    'docs-paths': project.docsPaths,
  }
  const outside = Object.entries(keys).flatMap(([key, folders]) =>
    folders
      .filter((folder) => !isInside(root, folder))
      .map((folder) => pathOutsideProject(key, folder, childOf(project.at, key))),
  )
  if (outside.length > 0) throw new UserError(outside)
}

function isInside(root: string, folder: string): boolean {
  const way = relative(root, join(root, folder))
  return !isAbsolute(folder) && way !== '..' && !way.startsWith(`..${sep}`)
}

function pathOutsideProject(key: string, folder: string, written: LocatedValue | undefined) {
  const item = written && (itemsOf(written).find(({ value }) => value === folder) ?? written)

  return problem('path-outside-project', `"${folder}" of "${key}" is not inside the project.`, {
    ...(item ? { place: item.place } : {}),
    hint: 'name folders of the project, relative to it',
  })
}

function pythonModel({ path, below }: ListedFile) {
  return problem('python-model', `Models are SQL here, and "${below}" is Python.`, {
    place: span({ path, text: '' }, 0),
    hint: 'write it as SQL, or move it out of the models',
  })
}

function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

function byPath(a: ListedFile, b: ListedFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

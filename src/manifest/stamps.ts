import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ProjectFile } from '../config/project-file.ts'
import { listFiles } from './read.ts'

/** By the path of a file what tells it from a changed one. Equal stamps mean equal files. */
export type Stamps = Readonly<Record<string, string>>

/**
 * Every file that a project is read from: those of the resource folders and of installed packages, and the YAML files
 * beside the project file. Take the stamps before the files are read: what changes in between is a change then.
 */
export function stampProject(root: string, project: ProjectFile): Stamps {
  const now = Date.now()
  return Object.fromEntries(projectPaths(root, project).map((path) => [path, stamp(join(root, path), now)]))
}

/** Whether a project consists of the same files as when the stamps were taken. */
export function isUnchanged(root: string, project: ProjectFile, before: Stamps): boolean {
  const paths = projectPaths(root, project)
  if (paths.length !== Object.keys(before).length) return false
  return paths.every((path) => {
    const known = before[path]
    if (known === undefined) return false
    return (
      known === (known.startsWith(BY_CONTENT) ? contentStamp(join(root, path)) : timeStamp(statSync(join(root, path))))
    )
  })
}

function projectPaths(root: string, project: ProjectFile): readonly string[] {
  const { modelPaths, seedPaths, snapshotPaths, testPaths, macroPaths, analysisPaths, docsPaths } = project
  const folders = [modelPaths, seedPaths, snapshotPaths, testPaths, macroPaths, analysisPaths, docsPaths].flat()
  const skipped = new Set([project.targetPath, 'node_modules', 'logs'])
  const below = [...folders, project.packagesPath].flatMap((folder) => listFiles(root, folder, skipped))
  const beside = readdirSync(root).filter((name) => /\.ya?ml$/i.test(name))
  return [...new Set([...below.map(({ path }) => path), ...beside])]
}

const BY_CONTENT = 'sha256:'

/** A clock of files may be coarse: a file that is as young as this could change and keep its time. */
const YOUNG_MILLISECONDS = 2000

function stamp(path: string, now: number): string {
  const stats = statSync(path)
  return stats.mtimeMs > now - YOUNG_MILLISECONDS ? contentStamp(path) : timeStamp(stats)
}

function timeStamp({ mtimeMs, size, ino }: Stats): string {
  return `${mtimeMs}:${size}:${ino}`
}

function contentStamp(path: string): string {
  return `${BY_CONTENT}${createHash('sha256').update(readFileSync(path)).digest('hex')}`
}

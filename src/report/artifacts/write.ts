import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { scrub } from '../../config/secrets.ts'

/**
 * Writes a file so that a reader sees the old one or the new one and never half of it: beside it first, then renamed.
 * Makes the folder. On failure nothing is left behind.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.${process.pid}.tmp`
  try {
    await writeFile(beside, text)
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/**
 * Writes many small files, each as `writeAtomically` does; one that has its text already is left alone. Without waiting:
 * for thousands of files the way to the thread pool and back costs more than the writing.
 */
export function writeManyAtomically(
  files: Iterable<readonly [path: string, text: string]>,
  secrets: readonly string[],
): void {
  const folders = new Set<string>()
  for (const [path, whole] of files) {
    const text = secrets.length === 0 ? whole : scrub(whole, secrets)
    if (textOf(path) === text) continue
    const folder = dirname(path)
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true })
    folders.add(folder)
    const beside = `${path}.${process.pid}.tmp`
    try {
      writeFileSync(beside, text)
      renameSync(beside, path)
    } catch (error) {
      rmSync(beside, { force: true })
      throw error
    }
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Whatever stands in the way of reading it is told by the writing.
    return undefined
  }
}

/** Artifacts by file name (`manifest.json`), each written atomically into the folder, without the secrets in their texts. */
export async function writeArtifacts(
  folder: string,
  artifacts: Readonly<Record<string, object>>,
  secrets: readonly string[],
): Promise<void> {
  const scrubbed = (_: string, value: unknown) => (typeof value === 'string' ? scrub(value, secrets) : value)
  for (const [name, artifact] of Object.entries(artifacts)) {
    await writeAtomically(join(folder, name), JSON.stringify(artifact, secrets.length === 0 ? undefined : scrubbed))
  }
}

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

/** Artifacts by file name (`manifest.json`), each written atomically into the folder, without the secrets in their texts. */
export async function writeArtifacts(
  folder: string,
  artifacts: Readonly<Record<string, object>>,
  secrets: readonly string[],
): Promise<void> {
  for (const [name, artifact] of Object.entries(artifacts)) {
    await writeArtifactFile(join(folder, name), artifact, secrets)
  }
}

/** One artifact at a path of its own, in the same way. */
export async function writeArtifactFile(path: string, artifact: object, secrets: readonly string[]): Promise<void> {
  const scrubbed = (_: string, value: unknown) => (typeof value === 'string' ? scrub(value, secrets) : value)
  await writeAtomically(path, JSON.stringify(artifact, secrets.length === 0 ? undefined : scrubbed))
}

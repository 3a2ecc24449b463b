import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { scrub } from '../../config/secrets.ts'

/**
 * Writes a file so that a reader sees the old one or the new one and never half of it: beside it first, then renamed.
 * Makes the folder. On failure nothing is left behind.
 */
async function writeAtomically(path: string, text: Iterable<string>): Promise<void> {
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
  const toJson = (value: unknown) => JSON.stringify(value, secrets.length === 0 ? undefined : scrubbed)
  await writeAtomically(path, chunks(jsonOf(artifact, toJson, MEMBERS_OF_MEMBERS)))
}

/** An artifact holds thousands of nodes by id, two levels deep: each is made into JSON alone. */
const MEMBERS_OF_MEMBERS = 2

/** The JSON of a value in pieces, so that a large artifact never stands in memory whole. */
function* jsonOf(value: unknown, toJson: (value: unknown) => string | undefined, depth: number): Iterable<string> {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield toJson(value) ?? ''
    return
  }
  let before = '{'
  for (const key of Object.keys(value)) {
    // The keys of an object are there; the value of one may be made when it is read, so it is read once.
    const member = (value as Record<string, unknown>)[key]
    if (member === undefined) continue
    yield `${before}${JSON.stringify(key)}:`
    yield* jsonOf(member, toJson, depth - 1)
    before = ','
  }
  yield before === '{' ? '{}' : '}'
}

/** Large enough that writing one costs more than the way there. */
const CHUNK_CHARACTERS = 2 ** 20

/** Small texts joined to large ones. */
function* chunks(pieces: Iterable<string>): Iterable<string> {
  let gathered: string[] = []
  let length = 0
  for (const piece of pieces) {
    gathered.push(piece)
    length += piece.length
    if (length < CHUNK_CHARACTERS) continue
    yield gathered.join('')
    gathered = []
    length = 0
  }
  yield gathered.join('')
}

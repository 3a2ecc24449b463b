import type { SiteChunk, SiteDetails } from './site-data.ts'

/** Small enough to be read at once when one of its nodes is opened, large enough that a project is not thousands of files. */
const CHUNK_CHARACTERS = 200_000

/** The details of all nodes in files of several, in the order of their numbers. */
export function gatherChunks(details: readonly SiteDetails[]): readonly SiteChunk[] {
  const chunks: Record<number, SiteDetails>[] = []
  let length = Number.POSITIVE_INFINITY
  for (const [number, own] of details.entries()) {
    if (length >= CHUNK_CHARACTERS) {
      chunks.push({})
      length = 0
    }
    chunks.at(-1)![number] = own
    length += JSON.stringify(own).length
  }
  return chunks
}

/** Which chunk holds a node. */
export function chunkOf(chunks: readonly SiteChunk[], number: number): number {
  return chunks.findIndex((chunk) => number in chunk)
}

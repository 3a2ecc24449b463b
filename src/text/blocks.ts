import { type FileHandle, open } from 'node:fs/promises'

/** A piece of a file that starts where the one before was used up. */
export interface Block {
  readonly bytes: Buffer
  /** Whether the file ends with it. */
  readonly isLast: boolean
}

/** Uses up bytes from the start of a block: as many as it can make sense of alone. Gives their number. */
export type UseBlock = (block: Block) => number

/** Room before each block for what was left of the one before. */
const HEADROOM = 16 * 1024

/**
 * Reads a file in blocks of about `size` bytes, none of which is changed afterwards, but where its memory `isReused`: then
 * bytes are good only until their block was used. What `use` leaves of one comes again at
 * the start of the next, which is larger where nothing was used. While a block is used the next is being read. Yields after
 * each block, so that what was made of it can be taken away. Fails as reading fails. A byte order mark is left out.
 */
export async function* readBlocks(path: string, size: number, use: UseBlock, isReused = false): AsyncGenerator<void> {
  const file = await open(path)
  // One is being used while the other is read into.
  let [memory, other] = [allocate(size), allocate(size)]
  const next = () => {
    const read = readPart(file, memory)
    ;[memory, other] = isReused ? [other, memory] : [allocate(size), other]
    return read
  }
  let ahead: Promise<Buffer> | undefined
  try {
    let rest: Buffer = Buffer.alloc(0)
    // A record that is longer than a block is looked at again only when there is twice as much of it.
    let enough = 0
    ahead = next()
    for (let isFirst = true; ; isFirst = false) {
      const part: Buffer = await ahead
      const isLast = part.length < size
      const joined = join(rest, part)
      // What was left is in its new place now, so that its old one may be read into.
      if (!isLast) ahead = next()
      rest = isFirst && startsWithMark(joined) ? joined.subarray(3) : joined
      if (rest.length >= enough || isLast) {
        const used = use({ bytes: rest, isLast })
        enough = used === 0 ? rest.length * 2 : 0
        rest = rest.subarray(used)
        yield
      }
      if (isLast) return
    }
  } finally {
    await ahead?.catch(() => {}) // nobody wants it any more
    await file.close()
  }
}

function allocate(size: number): Buffer {
  return Buffer.allocUnsafeSlow(HEADROOM + size)
}

/** The next bytes of a file, fewer than asked for only at its end, in memory that has room before them. */
async function readPart(file: FileHandle, memory: Buffer): Promise<Buffer> {
  let end = HEADROOM
  while (end < memory.length) {
    const { bytesRead } = await file.read(memory, end, memory.length - end)
    if (bytesRead === 0) break
    end += bytesRead
  }
  return memory.subarray(HEADROOM, end)
}

/** What was left, and behind it the part: in the room before the part where it fits. */
function join(rest: Buffer, part: Buffer): Buffer {
  if (rest.length > part.byteOffset) return Buffer.concat([rest, part])
  const start = part.byteOffset - rest.length
  const whole = Buffer.from(part.buffer, start, rest.length + part.length)
  whole.set(rest)
  return whole
}

function startsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

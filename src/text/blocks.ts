import { open } from 'node:fs/promises'

/** A piece of a file that starts where the one before was used up. */
export interface Block {
  readonly bytes: Buffer
  /** Whether the file ends with it. */
  readonly isLast: boolean
}

/** Uses up bytes from the start of a block: as many as it can make sense of alone. Gives their number. */
export type UseBlock = (block: Block) => number

/**
 * Reads a file in blocks of about `size` bytes, none of which is changed afterwards. What `use` leaves of one comes again at
 * the start of the next, which is larger where nothing was used. Yields after each block, so that what was made of it can be
 * taken away. Fails as reading fails. A byte order mark is left out.
 */
export async function* readBlocks(path: string, size: number, use: UseBlock): AsyncGenerator<void> {
  const file = await open(path)
  try {
    let rest: Uint8Array = Buffer.alloc(0)
    let isFirst = true
    for (;;) {
      const wanted = Math.max(size, rest.length)
      const bytes = Buffer.allocUnsafeSlow(rest.length + wanted)
      bytes.set(rest)
      const read = await fill(file, bytes, rest.length)
      const isLast = read < wanted
      const whole = bytes.subarray(0, rest.length + read)
      const block = isFirst && startsWithMark(whole) ? whole.subarray(3) : whole
      isFirst = false
      const used = use({ bytes: block, isLast })
      rest = block.subarray(used)
      yield
      if (isLast) return
    }
  } finally {
    await file.close()
  }
}

/** Reads until the buffer is full or the file ends; a single read may give less. */
async function fill(file: Awaited<ReturnType<typeof open>>, buffer: Buffer, start: number): Promise<number> {
  let end = start
  while (end < buffer.length) {
    const { bytesRead } = await file.read(buffer, end, buffer.length - end)
    if (bytesRead === 0) break
    end += bytesRead
  }
  return end - start
}

function startsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

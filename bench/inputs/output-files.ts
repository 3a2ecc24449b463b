import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

const BUFFERED_CHARACTERS = 1 << 16

/** Files that are written side by side, a line at a time; memory stays bounded however long they become. */
export interface OutputFiles {
  /** Appends a line to the file at a path below the folder; a path that ends in `.gz` is compressed. */
  writeLine(path: string, line: string): Promise<void>
  /** Writes what is left and closes every file. Returns the paths. */
  close(): Promise<readonly string[]>
}

interface OpenFile {
  readonly input: Writable
  readonly written: Promise<void>
  buffered: string
}

export function outputFiles(folder: string): OutputFiles {
  const files = new Map<string, OpenFile>()

  const flush = async (file: OpenFile) => {
    const hasRoom = file.input.write(file.buffered)
    file.buffered = ''
    if (!hasRoom) await once(file.input, 'drain')
  }

  return {
    async writeLine(path, line) {
      const file = files.get(path) ?? openFile(join(folder, path))
      files.set(path, file)
      file.buffered += `${line}\n`
      if (file.buffered.length > BUFFERED_CHARACTERS) await flush(file)
    },
    async close() {
      for (const file of files.values()) {
        await flush(file)
        file.input.end()
        await file.written
      }
      return [...files.keys()]
    },
  }
}

function openFile(path: string): OpenFile {
  mkdirSync(dirname(path), { recursive: true })
  const output = createWriteStream(path)
  const input: Writable = path.endsWith('.gz') ? createGzip({ level: 9 }) : output
  if (input !== output) input.pipe(output)
  return { input, written: finished(output), buffered: '' }
}

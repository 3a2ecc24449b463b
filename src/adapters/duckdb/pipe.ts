import { execFile } from 'node:child_process'
import { constants, createReadStream, openSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

/** A file that one writes and another reads, for text that is too long for the memory. */
export interface Pipe {
  readonly path: string
  /** Whether it is read while it is written; otherwise it can only be read when it was written. */
  readonly isReadWhileWritten: boolean
  /** What is written, up to its end. */
  read(): AsyncIterable<Uint8Array>
  /** The writer has ended: so does the reading. */
  endWriting(): Promise<void>
  /** Takes it away. Whoever still writes fails. Safe to call twice. */
  close(): Promise<void>
}

/** A named pipe, which takes no room on the disk; a temporary file where the system makes none, as on Windows. */
export async function openPipe(): Promise<Pipe> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lavra-'))
  const file = path.join(folder, 'rows.csv')
  try {
    return (await makesNamedPipe(file)) ? await namedPipe(folder, file) : temporaryFile(folder, file)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function makesNamedPipe(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false
  return await promisify(execFile)('mkfifo', [file]).then(
    () => true,
    () => false,
  )
}

/**
 * Both ends are opened here, so that nobody waits for the other end to be opened: not the writer, and no thread of ours. Our
 * own writing end keeps the text open until the writer has ended, even if it fails before it begins.
 */
async function namedPipe(folder: string, file: string): Promise<Pipe> {
  const socket = new Socket({ fd: openSync(file, constants.O_RDONLY | constants.O_NONBLOCK), writable: false })
  const writeEnd = await open(file, constants.O_WRONLY)
  return {
    path: file,
    isReadWhileWritten: true,
    read: () => socket,
    endWriting: () => writeEnd.close(),
    async close() {
      socket.destroy()
      await writeEnd.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function temporaryFile(folder: string, file: string): Pipe {
  return {
    path: file,
    isReadWhileWritten: false,
    read: () => createReadStream(file),
    endWriting: async () => {},
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

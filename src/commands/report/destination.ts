import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { World } from '../flags.ts'
import { writing } from '../output-files.ts'

/**
 * Where a report goes. It is written to a file first: a report that fails half-way shows nothing, and a slow reader of
 * standard output keeps nobody from the database.
 */
export class Destination {
  /** The file that is written; an engine may write it itself. */
  readonly path: string
  readonly #outputFile: string | undefined
  readonly #folder: string | undefined
  #handle: FileHandle | undefined

  private constructor(path: string, outputFile: string | undefined, folder: string | undefined) {
    this.path = path
    this.#outputFile = outputFile
    this.#folder = folder
  }

  /** Throws `UserError` (`output-not-writable`). */
  static async make({ cwd }: World, outputFile: string | undefined): Promise<Destination> {
    return await writingTo(async () => {
      if (outputFile === undefined) {
        const folder = await mkdtemp(join(tmpdir(), 'lavra-report-'))
        return new Destination(join(folder, 'rows'), undefined, folder)
      }
      const file = resolve(cwd, outputFile)
      await mkdir(dirname(file), { recursive: true })
      const destination = new Destination(`${file}.${process.pid}.tmp`, file, undefined)
      await destination.write('')
      return destination
    })
  }

  async write(text: string): Promise<void> {
    await writingTo(async () => {
      this.#handle ??= await open(this.path, 'w')
      if (text !== '') await this.#handle.writeFile(text)
    })
  }

  /** Forgets what was written. */
  async restart(): Promise<void> {
    await this.#close()
  }

  /** Puts the whole where it was meant to be: the file at once, or the text on standard output. */
  async commit({ stdout }: World, isText: boolean): Promise<void> {
    await this.#close()
    const outputFile = this.#outputFile
    if (outputFile !== undefined) return await writingTo(() => rename(this.path, outputFile))
    for await (const part of createReadStream(this.path, isText ? { encoding: 'utf8' } : {})) {
      if (stdout.write(part) === false && !(await drained(stdout))) return
    }
  }

  /** Takes away what is not needed any more. Safe to call twice, and after `commit`. */
  async remove(): Promise<void> {
    await this.#close()
    await rm(this.#folder ?? this.path, { recursive: true, force: true })
  }

  async #close(): Promise<void> {
    await this.#handle?.close()
    this.#handle = undefined
  }
}

/** False when the reader has seen enough. */
async function drained(stdout: World['stdout']): Promise<boolean> {
  try {
    await once(stdout, 'drain')
    return true
  } catch {
    // The reader went away, as in `lavra report … | head`: that is no failure of the report.
    return false
  }
}

function writingTo<Result>(work: () => Promise<Result>): Promise<Result> {
  return writing(work, '--output-file')
}

import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { Writable } from 'node:stream'
import { main } from '../../commands/main.ts'

/** What the examples call the folder that they are run in. */
const HOME = '/home/ana'

/** What a page needs beside its files. */
export interface Stage {
  /** Names that the page shows, each with the one that is used instead: in files, lines and outputs. */
  readonly names: readonly (readonly [shown: string, used: string])[]
  /** Programs that need not be on this machine. They get the words of the line and the folder, and give what they print. */
  readonly programs: Readonly<Record<string, (words: readonly string[], folder: string) => Promise<string>>>
}

const BARE: Stage = { names: [], programs: {} }

/**
 * A terminal for examples. `lavra …` runs in this process, `cd` and `echo $?` are its own, and everything else is the
 * shell's. Standard output and errors come together, as a reader sees them.
 */
export class Shell {
  readonly #home: string
  #folder: string
  readonly #stage: Stage
  #exitCode = 0

  constructor(home: string, folder = home, stage: Stage = BARE) {
    this.#home = home
    this.#folder = folder
    this.#stage = stage
  }

  get folder(): string {
    return this.#folder
  }

  /** Runs one line and gives what it prints. */
  async run(line: string): Promise<string> {
    const output = await this.#print(this.used(line))
    return this.#stage.names.reduce(
      (text, [shown, used]) => text.replaceAll(used, shown),
      output.replaceAll(this.#home, HOME),
    )
  }

  /** A text of the page with the names that are used for those that it shows. */
  used(text: string): string {
    return this.#stage.names.reduce((left, [shown, used]) => left.replaceAll(shown, used), text)
  }

  async #print(line: string): Promise<string> {
    if (line === 'echo $?') return `${this.#exitCode}\n`
    const folder = /^cd (\S+)$/.exec(line)?.[1]
    if (folder !== undefined) {
      this.#folder = resolve(this.#folder, folder)
      return ''
    }
    const [program = '', ...words] = wordsOf(line)
    const run = this.#stage.programs[program]
    if (run) return await run(words, this.#folder)
    const lavra = /^(?<variables>(?:[A-Z_]+=\S+ )*)(?:npx )?lavra(?: (?<rest>.*))?$/.exec(line)?.groups
    if (!lavra) return this.#shell(line, '')
    const [command = '', ...pipe] = (lavra.rest ?? '').split(' | ')
    const output = await this.#lavra(wordsOf(command), wordsOf(lavra.variables ?? ''))
    return pipe.length === 0 ? output : this.#shell(pipe.join(' | '), output)
  }

  async #lavra(words: readonly string[], variables: readonly string[]): Promise<string> {
    const chunks: string[] = []
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk, _, done) => {
        chunks.push(String(chunk))
        done()
      },
    })
    const env = Object.fromEntries([`HOME=${this.#home}`, ...variables].map((text) => text.split(/=(.*)/s)))
    this.#exitCode = await main(words, { cwd: this.#folder, env, stdout: stream, stderr: stream })
    return chunks.join('')
  }

  #shell(line: string, input: string): string {
    const script = `exec 2>&1; ${line}`
    const done = spawnSync('sh', ['-c', script], { cwd: this.#folder, input, encoding: 'utf8' })
    this.#exitCode = done.status ?? 1
    return done.stdout
  }
}

/** The words of a line as a shell splits them: by blanks outside of quotes, which are taken away. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double))
}

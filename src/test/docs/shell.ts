import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { Writable } from 'node:stream'
import { main } from '../../commands/main.ts'

/** What the examples call the folder that they are run in. */
const HOME = '/home/ana'

/**
 * A terminal for examples. `lavra …` runs in this process, `cd` and `echo $?` are its own, and everything else is the
 * shell's. Standard output and errors come together, as a reader sees them.
 */
export class Shell {
  readonly #home: string
  #folder: string
  #exitCode = 0

  constructor(home: string, folder = home) {
    this.#home = home
    this.#folder = folder
  }

  get folder(): string {
    return this.#folder
  }

  /** Runs one line and gives what it prints. */
  async run(line: string): Promise<string> {
    const output = await this.#print(line)
    return output.replaceAll(this.#home, HOME)
  }

  async #print(line: string): Promise<string> {
    if (line === 'echo $?') return `${this.#exitCode}\n`
    const folder = /^cd (\S+)$/.exec(line)?.[1]
    if (folder !== undefined) {
      this.#folder = resolve(this.#folder, folder)
      return ''
    }
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

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { normalize } from './docs/normalize.ts'

/** For tests: a program that runs in a process of its own. */
export interface Running {
  readonly child: ChildProcess
  /** Resolves when the output holds the text; rejects when the process ends before. */
  reached(text: string): Promise<void>
  ended(): Promise<Ended>
}

export interface Ended {
  readonly exitCode: number | null
  /** What it said on both streams, without what varies from run to run. */
  readonly output: string
}

export interface Surroundings {
  readonly folder: string
  /** What the program takes for the home folder, and what its output calls `/home/ana`. */
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
}

/** The command line as it is in the source. */
export const CLI = join(import.meta.dirname, '../cli.ts')

/** Starts a program. Whoever starts it ends it. */
export function start({ folder, home, env = {} }: Surroundings, program: string, args: readonly string[]): Running {
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const closed = once(child, 'close')
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return {
    child,
    async reached(text) {
      while (!output.includes(text)) {
        if (child.exitCode !== null) throw new Error(`It ended before it said "${text}":\n${output}`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    async ended() {
      await closed
      return { exitCode: child.exitCode, output: normalize(output.replaceAll(home, '/home/ana')) }
    },
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunStep } from '../../events/events.ts'
import type { Order } from './child.ts'

/** Most of their start is the stripping of types. */
const COMPILED = join(tmpdir(), 'lavra-torture-compiled')
const CHILD = join(dirname(fileURLToPath(import.meta.url)), 'child.ts')

const PATIENCE_MILLISECONDS = 5 * 60_000

/** When a run is killed. */
export interface Kill {
  /** Counted from this step; from the order when absent. */
  readonly step?: RunStep
  readonly delayMs: number
}

/** What became of one run. */
export interface ChildRun {
  /** Every step that it told before its end. */
  readonly steps: readonly RunStep[]
  /** Absent when the process was killed before it came to its end. */
  readonly exitCode?: number
  /** It did not come to its end in time, and was killed for that. */
  readonly isHung: boolean
  /** It told that it had published. */
  readonly isPublished: boolean
  /** The end of what it printed. */
  readonly output: string
  /** From the order to the end. */
  readonly milliseconds: number
}

/** A run that is going on. */
export interface RunningChild {
  readonly pid: number
  readonly ended: Promise<ChildRun>
  /** Resolves when it reaches the step, and also when it ends. */
  reached(step: RunStep): Promise<void>
  signal(name: NodeJS.Signals): void
}

/** The processes that run Lavra. One is always started ahead, because most of their time is the start. */
export class Children {
  readonly #wrapper: readonly string[]
  #ahead: ChildProcess | undefined
  readonly #alive = new Set<ChildProcess>()

  /** `wrapper` is a command that starts them, such as `sh -c 'ulimit …; exec "$@"' sh`, each of them when it is needed. */
  constructor(wrapper: readonly string[] = []) {
    this.#wrapper = wrapper
  }

  start(order: Order, kill?: Kill): RunningChild {
    const child = this.#ahead ?? this.#spawn()
    this.#ahead = undefined
    const running = follow(child, order, kill)
    void running.ended.then(() => this.#alive.delete(child))
    // What a wrapper sets is set when it starts.
    if (this.#wrapper.length === 0) this.#ahead = this.#spawn()
    return running
  }

  stop(): void {
    for (const child of this.#alive) child.kill('SIGKILL')
    this.#alive.clear()
    this.#ahead = undefined
  }

  #spawn(): ChildProcess {
    const [program = '', ...args] = [...this.#wrapper, process.execPath, '--no-warnings', CHILD]
    const child = spawn(program, args, { env: { ...process.env, NODE_COMPILE_CACHE: COMPILED } })
    // Written to when it is dead, in the worst case: that shows as a run without an exit code.
    child.stdin.on('error', () => {})
    this.#alive.add(child)
    return child
  }
}

function follow(child: ChildProcess, order: Order, kill: Kill | undefined): RunningChild {
  let started = performance.now()
  const steps: RunStep[] = []
  const waiting = new Map<RunStep, (() => void)[]>()
  let exitCode: number | undefined
  let isPublished = false
  let isHung = false
  let watchdog: NodeJS.Timeout | undefined
  let output = ''
  let isDoomed = false
  const killAfter = (milliseconds: number) => {
    if (isDoomed) return
    isDoomed = true
    if (milliseconds === 0) child.kill('SIGKILL')
    else setTimeout(() => child.kill('SIGKILL'), milliseconds)
  }
  let unfinished = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (unfinished + chunk.toString()).split('\n')
    unfinished = lines.pop() ?? ''
    for (const line of lines) {
      if (line === 'ready') {
        started = performance.now()
        child.stdin?.write(`${JSON.stringify(order)}\n`)
        if (kill && kill.step === undefined) killAfter(kill.delayMs)
        watchdog = setTimeout(() => {
          isHung = true
          child.kill('SIGKILL')
        }, PATIENCE_MILLISECONDS)
        continue
      }
      if (line.startsWith('exit ')) {
        exitCode = Number(line.slice('exit '.length))
        continue
      }
      if (line === 'published') {
        isPublished = true
        continue
      }
      const step = line as RunStep // the child writes nothing else
      steps.push(step)
      for (const resolve of waiting.get(step) ?? []) resolve()
      if (step === kill?.step) killAfter(kill.delayMs)
    }
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-20_000)
  })
  const ended = new Promise<ChildRun>((resolve) => {
    child.on('error', (error) => {
      output += String(error)
    })
    child.on('close', () => {
      clearTimeout(watchdog)
      for (const resolvers of waiting.values()) for (const resolve of resolvers) resolve()
      const milliseconds = performance.now() - started
      resolve({ steps, isHung, isPublished, output, milliseconds, ...(exitCode === undefined ? {} : { exitCode }) })
    })
  })
  return {
    pid: child.pid ?? 0,
    ended,
    reached(step) {
      if (steps.includes(step) || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
      return new Promise((resolve) => waiting.set(step, [...(waiting.get(step) ?? []), resolve]))
    },
    signal: (name) => void child.kill(name),
  }
}

export function reachedStep({ steps }: ChildRun, step: RunStep): boolean {
  return steps.includes(step)
}

export function lastStep({ steps }: ChildRun): RunStep | 'start' {
  return steps.at(-1) ?? 'start'
}

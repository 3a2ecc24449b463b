import type { RunEvent } from '../events/events.ts'
import { describeCount } from './numbers.ts'
import { cutTo, padTo } from './width.ts'
import { describeNode } from './words.ts'

const MOST_ROWS = 8
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const

/** What runs at this moment: kept from events, drawn as the few lines at the bottom of a terminal. */
export class LiveBlock {
  readonly #running = new Map<string, { readonly text: string; readonly since: number }>()
  #finished = 0
  #total = 0
  #isWaiting = false
  #frame = 0

  /** Takes notice of an event; `now` in milliseconds. */
  follow(event: RunEvent, now: number): void {
    switch (event.kind) {
      case 'waiting-for-lease':
        this.#isWaiting = true
        return
      case 'run-started':
        this.#isWaiting = false
        return
      case 'node-started':
        this.#total = event.total
        this.#start(event.node.id, describeNode(event.node), now)
        return
      case 'node-finished':
        this.#total = event.total
        this.#finished += 1
        this.#running.delete(event.node.id)
        return
      case 'hook-started':
        this.#start(`hook ${event.name}`, `hook ${event.name}`, now)
        return
      case 'hook-finished':
        this.#running.delete(`hook ${event.name}`)
        return
      case 'publish-started':
        this.#start('publish', `publish ${describeCount(event.relations, 'relation')}`, now)
        return
      case 'published':
      case 'not-published':
        this.#running.delete('publish')
        return
      case 'run-finished':
        this.#running.clear()
        return
    }
  }

  #start(key: string, text: string, now: number): void {
    this.#running.set(key, { text, since: now })
  }

  /** The lines to draw, none when nothing runs. Each call is one step of the animation. */
  draw(now: number, width: number): readonly string[] {
    this.#frame += 1
    const frame = FRAMES[this.#frame % FRAMES.length]!
    if (this.#isWaiting) return [cutTo(`  ${frame} waiting`, width)]
    if (this.#running.size === 0) return []
    const shown = [...this.#running.values()].slice(0, MOST_ROWS)
    const texts = shown.map((row) => cutTo(row.text, Math.max(8, width - 14)))
    const column = Math.max(...texts.map((text) => padTo(text, 0).length))
    const rows = shown.map(({ since }, index) => {
      const seconds = ((now - since) / 1000).toFixed(1)
      return cutTo(`  ${frame} ${padTo(texts[index]!, column)}  ${seconds.padStart(6)}s`, width)
    })
    const more = this.#running.size - shown.length
    if (more > 0) rows.push(cutTo(`    and ${more} more`, width))
    return [...rows, cutTo(this.#status(), width)]
  }

  #status(): string {
    const waiting = Math.max(0, this.#total - this.#finished - this.#running.size)
    return `  ${this.#finished} of ${this.#total} done, ${this.#running.size} running, ${waiting} waiting`
  }
}

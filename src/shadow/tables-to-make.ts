import type { Connection } from '../adapters/adapter.ts'

/** Statements that make empty relations: kept until somebody needs the relations, and then sent together. */
export class TablesToMake {
  readonly #connection: Connection
  #waiting: string[] = []
  #making: Promise<void> = Promise.resolve()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  add(statement: string): void {
    this.#waiting.push(statement)
  }

  /** Sends what waits. The connection may be used again once `made` has resolved, which also tells what went wrong. */
  start(): void {
    if (this.#waiting.length === 0) return
    const text = this.#waiting.join(';\n')
    this.#waiting = []
    this.#making = this.#making.then(async () => void (await this.#connection.execute(text)))
    this.#making.catch(() => {})
  }

  async made(): Promise<void> {
    this.start()
    await this.#making
  }
}

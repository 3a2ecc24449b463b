import type { Adapter, Connection } from '../adapters/adapter.ts'

/** Connections for the threads of a run: made when first needed, given back and used again. */
export class ConnectionPool {
  readonly #adapter: Adapter
  readonly #idle: Connection[] = []
  readonly #all: Connection[] = []
  /** Resolves when nobody holds the connection that publishes. */
  #publishing: Promise<void> = Promise.resolve()

  constructor(adapter: Adapter) {
    this.#adapter = adapter
  }

  /** Lends a connection for the length of one piece of work. */
  async use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const connection = this.#idle.pop() ?? (await this.#open())
    try {
      return await work(connection)
    } finally {
      // A connection that was lost is not lent again.
      if (connection.isOpen) this.#idle.push(connection)
    }
  }

  /** Lends the connection that publishes. Whoever wants it while it is lent waits. */
  async publishing<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const before = this.#publishing
    let end = () => {}
    this.#publishing = new Promise<void>((resolve) => {
      end = resolve
    })
    try {
      await before
      return await work(await this.#adapter.publisher())
    } finally {
      end()
    }
  }

  /** Closes every connection. The pool is not used afterwards. */
  close(): void {
    for (const connection of this.#all) connection.close()
    this.#all.length = 0
    this.#idle.length = 0
  }

  async #open(): Promise<Connection> {
    const connection = await this.#adapter.connect()
    this.#all.push(connection)
    return connection
  }
}

import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Door } from './server.ts'

/** What happens to a connection that says COMMIT. */
export type Cut =
  /** The server never hears it. */
  | 'before'
  /** The server hears it, and the client never an answer: the connection is reset while the server commits. */
  | 'on-its-way'
  /** The server has answered, and the client does not hear it. */
  | 'after'

export interface CutPlan {
  readonly cut: Cut
  /** Which COMMIT of all connections, counted from 1. */
  readonly which: number
  /** For how long nobody is let in after that, in milliseconds. */
  readonly refuseMs: number
}

/** Stands between runs and the server, passes everything on, and cuts a connection exactly at a COMMIT. */
export class CommitCutter {
  readonly #door: Door
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #plan: CutPlan | undefined
  #commits = 0
  #refusesUntil = 0
  #hasCut = false

  private constructor(door: Door) {
    this.#door = door
    this.#server = createServer((client) => this.#accept(client))
  }

  static async listen(door: Door): Promise<CommitCutter> {
    const cutter = new CommitCutter(door)
    await new Promise<void>((resolve) => cutter.#server.listen(0, '127.0.0.1', resolve))
    return cutter
  }

  get door(): Door {
    const address = this.#server.address()
    return { host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 }
  }

  arm(plan: CutPlan): void {
    this.#plan = plan
    this.#commits = 0
    this.#hasCut = false
  }

  /** Passes everything on from here. Returns whether a connection was cut. */
  disarm(): boolean {
    this.#plan = undefined
    this.#refusesUntil = 0
    return this.#hasCut
  }

  /** Resets every connection now. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  stop(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(client: Socket): void {
    if (Date.now() < this.#refusesUntil) {
      client.destroy()
      return
    }
    const server = connect(this.#door.port, this.#door.host)
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        this.#sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    let isCutAfter = false
    server.on('data', (chunk: Buffer) => {
      if (isCutAfter) this.#cut(client, server)
      else client.write(chunk)
    })
    const messages = new Messages()
    client.on('data', (chunk: Buffer) => {
      for (const message of messages.read(chunk)) {
        const cut = isCommit(message) ? this.#cutOfNextCommit() : undefined
        if (cut === 'before') {
          this.#cut(client, server)
          return
        }
        server.write(message)
        if (cut === 'after') isCutAfter = true
        if (cut === 'on-its-way') {
          // The server gets all of it and then the end of the stream; the client is told at once that it is alone.
          server.end()
          this.#cut(client, undefined)
          return
        }
      }
    })
  }

  #cutOfNextCommit(): Cut | undefined {
    if (this.#plan === undefined || ++this.#commits !== this.#plan.which) return undefined
    return this.#plan.cut
  }

  #cut(client: Socket, server: Socket | undefined): void {
    this.#hasCut = true
    this.#refusesUntil = Date.now() + (this.#plan?.refuseMs ?? 0)
    if (server === undefined) client.removeAllListeners('close').on('close', () => this.#sockets.delete(client))
    client.resetAndDestroy()
    server?.destroy()
  }
}

/** Cuts what a client sends into messages: the first has no type, and every other has one byte for it. */
class Messages {
  #rest: Buffer = Buffer.alloc(0)
  #isStarted = false

  read(chunk: Buffer): readonly Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const messages: Buffer[] = []
    for (;;) {
      const start = this.#isStarted ? 1 : 0
      if (this.#rest.length < start + 4) return messages
      const length = start + this.#rest.readUInt32BE(start)
      if (this.#rest.length < length) return messages
      messages.push(this.#rest.subarray(0, length))
      this.#rest = this.#rest.subarray(length)
      this.#isStarted = true
    }
  }
}

/** A simple query `commit`. */
function isCommit(message: Buffer): boolean {
  return message[0] === 0x51 && /^commit\b/i.test(message.subarray(5).toString())
}

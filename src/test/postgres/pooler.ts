import { createServer, type Server, type Socket } from 'node:net'
import pg from 'pg'
import { socketOf } from '../../adapters/postgres/client.ts'

/** A server of a test's own, at a port of this machine. */
export interface FakeServer {
  readonly port: number
  stop(): Promise<void>
}

const SSL_REQUEST = 80877103

/**
 * A proxy that keeps a few connections to a real server and lends one to a client for each transaction, as PgBouncer does with
 * `pool_mode = transaction`; with `session`, for as long as the client is there. It knows simple queries and nothing else.
 */
export async function startPooler(url: URL, mode: 'transaction' | 'session', size: number): Promise<FakeServer> {
  const backends = await Promise.all(Array.from({ length: size }, () => connectBackend(url)))
  const free = [...backends]
  const waiting: ((backend: Backend) => void)[] = []
  const borrow = () =>
    new Promise<Backend>((resolve) => {
      // The one that waited longest, as pools do.
      const backend = free.shift()
      if (backend) resolve(backend)
      else waiting.push(resolve)
    })
  const giveBack = (backend: Backend) => {
    const next = waiting.shift()
    if (next) next(backend)
    else free.push(backend)
  }
  let clients = 0
  const server = await listen((socket) => {
    clients += 1
    let own: Backend | undefined
    let work = Promise.resolve()
    const answer = async (query: Buffer) => {
      own ??= await borrow()
      const isIdle = await own.ask(query, socket)
      if (!isIdle || mode === 'session') return
      giveBack(own)
      own = undefined
    }
    onMessages(socket, {
      greeting: greeting(1_000_000 + clients),
      query: (query) => {
        work = work.then(() => answer(query))
      },
    })
    socket.on('close', () => own && giveBack(own))
  })
  return {
    port: portOf(server),
    async stop() {
      server.close()
      await Promise.all(backends.map((backend) => backend.end()))
    },
  }
}

/** A server that takes connections and never says anything. */
export async function startSilentServer(): Promise<FakeServer> {
  const server = await listen((socket) => socket.on('error', () => {}).resume())
  return { port: portOf(server), stop: async () => void server.close() }
}

/** A server that says a few times that it is starting up, and is the real one then. */
export async function startLateServer(url: URL, refusals: number): Promise<FakeServer> {
  let left = refusals
  const server = await listen((socket) => {
    if (left > 0) {
      left -= 1
      socket.once('data', () => socket.end(errorMessage('57P03', 'the database system is starting up')))
      return
    }
    const real = new pg.Connection({}).stream as Socket
    real.connect(Number(url.port), url.hostname)
    real.on('error', () => socket.destroy())
    socket.pipe(real).pipe(socket)
  })
  return { port: portOf(server), stop: async () => void server.close() }
}

interface Backend {
  /** Sends a query and hands on what comes back. Whether no transaction is open then. */
  ask(query: Buffer, to: Socket): Promise<boolean>
  end(): Promise<void>
}

async function connectBackend(url: URL): Promise<Backend> {
  const client = new pg.Client({ connectionString: url.href })
  client.on('error', () => {})
  await client.connect()
  const stream = socketOf(client)
  // From here on the driver hears nothing: what comes is handed on as it is.
  stream.removeAllListeners('data')
  return {
    ask: (query, to) =>
      new Promise((resolve) => {
        let rest: Buffer = Buffer.alloc(0)
        const relay = (chunk: Buffer) => {
          to.write(chunk)
          rest = eachMessage(Buffer.concat([rest, chunk]), (type, body) => {
            if (type !== 'Z') return
            stream.off('data', relay)
            resolve(body.toString() === 'I')
          })
        }
        stream.on('data', relay)
        stream.write(query)
      }),
    end: async () => void stream.destroy(),
  }
}

function onMessages(socket: Socket, on: { readonly greeting: Buffer; query(message: Buffer): void }): void {
  let rest: Buffer = Buffer.alloc(0)
  let isGreeted = false
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (!isGreeted && rest.length >= 8) {
      const length = rest.readInt32BE(0)
      const isSslRequest = rest.readInt32BE(4) === SSL_REQUEST
      socket.write(isSslRequest ? 'N' : on.greeting)
      isGreeted = !isSslRequest
      rest = rest.subarray(length)
    }
    if (!isGreeted) return
    rest = eachMessage(rest, (type, _, whole) => {
      if (type === 'Q') on.query(whole)
      else socket.end()
    })
  })
}

/** Calls for each whole message, and gives what is left. */
function eachMessage(bytes: Buffer, call: (type: string, body: Buffer, whole: Buffer) => void): Buffer {
  let offset = 0
  while (bytes.length - offset >= 5) {
    const end = offset + 1 + bytes.readInt32BE(offset + 1)
    if (bytes.length < end) break
    call(String.fromCharCode(bytes[offset]!), bytes.subarray(offset + 5, end), bytes.subarray(offset, end))
    offset = end
  }
  return bytes.subarray(offset)
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** Anybody is let in, with a backend's number that is no backend's. */
function greeting(processId: number): Buffer {
  return Buffer.concat([
    message('R', int32(0)),
    message('K', int32(processId), int32(7)),
    message('Z', Buffer.from('I')),
  ])
}

function errorMessage(code: string, text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`))
}

function listen(onClient: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer(onClient)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

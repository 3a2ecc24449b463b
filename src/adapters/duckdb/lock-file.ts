import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { isJsonObject } from '../../util/json.ts'

/** Who writes a database, as `<file>.lavra-lock` says. The lock itself is DuckDB's own, on the file. */
export interface LockHolder {
  readonly pid: number
  readonly host: string
  readonly runId: string
  /** ISO 8601 in UTC. */
  readonly started: string
}

export function lockFilePath(databasePath: string): string {
  return `${databasePath}.lavra-lock`
}

/**
 * Says that this process writes the database. Call it only while the engine's own lock is held; replaces what a dead
 * holder left.
 */
export function writeLockFile(databasePath: string, runId: string): void {
  const holder: LockHolder = { pid: process.pid, host: hostname(), runId, started: new Date().toISOString() }
  const unfinished = `${lockFilePath(databasePath)}.${process.pid}`
  writeFileSync(unfinished, `${JSON.stringify(holder)}\n`)
  renameSync(unfinished, lockFilePath(databasePath))
}

/** Takes the file away. Safe when it is gone. */
export function removeLockFile(databasePath: string): void {
  rmSync(lockFilePath(databasePath), { force: true })
}

/** Who the lock file names, or undefined where there is none that can be read. */
export function readLockFile(databasePath: string): LockHolder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(lockFilePath(databasePath), 'utf8'))
    if (!isJsonObject(holder) || typeof holder.pid !== 'number') return undefined
    const { pid, host, runId, started } = holder
    return { pid, host: String(host), runId: String(runId), started: String(started) }
  } catch {
    // It only tells who holds the lock: without it, the message says less.
    return undefined
  }
}

/** Whether a process of this machine runs. A process of another user counts as running. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

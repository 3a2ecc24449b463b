import { hostname } from 'node:os'
import path from 'node:path'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { isAlive, type LockHolder, readLockFile } from './lock-file.ts'

/** True for what another process that has the file open makes DuckDB say: worth waiting for. */
export function isLockConflict(message: string): boolean {
  return /Could not set lock on file|used by another process/.test(message)
}

/** What is wrong with a database file, from what DuckDB said when it was opened. */
export function openProblem(databasePath: string, message: string): Diagnostic {
  if (isLockConflict(message)) return databaseLocked(databasePath, pidIn(message))
  if (message.includes('database does not exist')) return databaseNotFound(databasePath)
  if (/permission denied|read-only file system/i.test(message)) return databaseReadOnly(databasePath)
  if (message.includes('Is a directory')) return isFolder(databasePath)
  if (message.includes('No such file or directory')) return folderMissing(databasePath)
  if (message.includes('not a valid DuckDB database file')) return notADatabase(databasePath)
  if (/newer version|we can only read version/i.test(message)) return databaseNewer(databasePath)
  if (message.includes('Corrupt database file')) return databaseDamaged(databasePath, message)
  if (/not recognized|Failed to set config/.test(message)) return badOptions(databasePath, message)
  return problem('database-open', `The database "${databasePath}" cannot be opened. DuckDB says: ${message}`)
}

/** Somebody else writes the database: another process, or another run inside this one. */
export function databaseLocked(databasePath: string, pid: number | undefined): Diagnostic {
  const written = readLockFile(databasePath)
  const holder = written && (pid === undefined || written.pid === pid) ? written : undefined
  const number = pid ?? holder?.pid
  return problem('database-locked', `The database "${databasePath}" is in use by ${describeHolder(number, holder)}.`, {
    hint: 'wait for it with --wait, or end that process; a DuckDB file has one writer, and nobody reads it meanwhile',
  })
}

export function databaseNotFound(databasePath: string): Diagnostic {
  return problem('database-not-found', `There is no database file "${databasePath}" yet.`, {
    hint: 'run "lavra build" first: it makes the file',
  })
}

/** The copy for readers could not be written; what was published stands. */
export function copyFailed(target: string, cause: unknown): Diagnostic {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return problem('copy-failed', `The copy of the database could not be put at "${target}": ${reason}`, {
    hint: 'what was published stands; check the path of "publish: copy" in the project file',
  })
}

export function databaseReadOnly(databasePath: string): Diagnostic {
  return problem(
    'database-read-only',
    `The database "${databasePath}" cannot be written: the file or its folder is read-only for you.`,
    {
      hint: 'DuckDB writes the file and a log beside it: make both writable, or name another "path" in profiles.yml',
    },
  )
}

function folderMissing(databasePath: string): Diagnostic {
  return problem('database-path', `The folder "${path.dirname(databasePath)}" of the database does not exist.`, {
    hint: 'make the folder, or correct "path" in profiles.yml',
  })
}

function isFolder(databasePath: string): Diagnostic {
  return problem('database-path', `"${databasePath}" is a folder, not a database file.`, {
    hint: 'name a file inside it as "path" in profiles.yml',
  })
}

function notADatabase(databasePath: string): Diagnostic {
  return problem('not-a-database', `The file "${databasePath}" is not a DuckDB database.`, {
    hint: 'correct "path" in profiles.yml; nothing was written to the file',
  })
}

function databaseNewer(databasePath: string): Diagnostic {
  return problem(
    'database-newer',
    `The database "${databasePath}" was written by a newer DuckDB than the one in this version of Lavra.`,
    {
      hint: 'update Lavra, or name another "path" in profiles.yml',
    },
  )
}

function databaseDamaged(databasePath: string, message: string): Diagnostic {
  return problem('database-damaged', `The database "${databasePath}" is damaged. DuckDB says: ${message}`, {
    hint: 'restore the file from a copy, or move it away and build it again',
  })
}

function badOptions(databasePath: string, message: string): Diagnostic {
  const said = message.replace(/^Invalid Input Error: /, '')
  return problem(
    'database-setting',
    `The database "${databasePath}" cannot be opened with these options. DuckDB says: ${said}`,
    { hint: 'correct "config_options" in profiles.yml' },
  )
}

function pidIn(message: string): number | undefined {
  const match = /\(PID (\d+)\)/.exec(message)
  return match ? Number(match[1]) : undefined
}

function describeHolder(pid: number | undefined, holder: LockHolder | undefined): string {
  if (pid === undefined) return 'another process'
  const isHere = holder === undefined || holder.host === hostname()
  const state = isHere ? describeLife(pid) : `on ${holder.host}`
  const run = holder ? `, run ${holder.runId} since ${holder.started}` : ''
  return pid === process.pid ? `another run of this process (${pid})${run}` : `process ${pid} (${state})${run}`
}

function describeLife(pid: number): string {
  return isAlive(pid) ? 'which is running' : 'which is not running on this machine'
}

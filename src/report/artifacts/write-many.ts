import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { scrub } from '../../config/secrets.ts'

/** A file to write: its path and its text. */
export type TextFile = readonly [path: string, text: string]

/** From so many files on, writing them takes longer than to start a thread for it. */
const WORTH_A_THREAD = 1000

/**
 * Writes many small files, each whole or not at all and without the secrets in its text; one that has its text already is
 * left alone. Files are written one after the other and without waiting, because for thousands of them the way to Node's
 * thread pool and back costs more than the writing; many thousands are written in a thread of their own.
 */
export async function writeManyAtomically(files: readonly TextFile[], secrets: readonly string[]): Promise<void> {
  const work: WritingWork = { kind: 'lavra-write-files', files, secrets }
  if (files.length < WORTH_A_THREAD) writeAll(work)
  else await writeInThread(work)
}

interface WritingWork {
  readonly kind: 'lavra-write-files'
  readonly files: readonly TextFile[]
  readonly secrets: readonly string[]
}

function writeInThread(work: WritingWork): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: work })
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
}

function writeAll({ files, secrets }: WritingWork): void {
  const oldFolders = new Map<string, boolean>()
  for (const [path, whole] of files) {
    const text = secrets.length === 0 ? whole : scrub(whole, secrets)
    const folder = dirname(path)
    if (!oldFolders.has(folder)) oldFolders.set(folder, mkdirSync(folder, { recursive: true }) === undefined)
    if (oldFolders.get(folder) && textOf(path) === text) continue
    writeOne(path, text)
  }
}

function writeOne(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(beside, text)
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Whatever stands in the way of reading it is told by the writing.
    return undefined
  }
}

function isWritingWork(data: unknown): data is WritingWork {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'lavra-write-files'
}

// This file is also what the thread runs.
if (!isMainThread && isWritingWork(workerData)) writeAll(workerData)

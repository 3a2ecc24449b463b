import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
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
  const byFolder = new Map<string, TextFile[]>()
  for (const [path, whole] of files) {
    const file = [path, secrets.length === 0 ? whole : scrub(whole, secrets)] as const
    const folder = dirname(path)
    const others = byFolder.get(folder)
    if (others) others.push(file)
    else byFolder.set(folder, [file])
  }
  for (const [folder, own] of byFolder) {
    if (existsSync(folder) || !writeNewFolder(folder, own)) writeInto(folder, own)
  }
}

function writeInto(folder: string, files: readonly TextFile[]): void {
  mkdirSync(folder, { recursive: true })
  for (const [path, text] of files) if (textOf(path) !== text) writeOne(path, text)
}

/**
 * Writes the files of a folder that is not there beside it and renames the folder, which takes half the time of renaming every
 * file. False where that cannot be done: somebody may have made the folder meanwhile.
 */
function writeNewFolder(folder: string, files: readonly TextFile[]): boolean {
  const beside = `${folder}.${process.pid}.tmp`
  try {
    mkdirSync(beside, { recursive: true })
    for (const [path, text] of files) writeFileSync(join(beside, basename(path)), text)
    renameSync(beside, folder)
    return true
  } catch {
    // Whatever else stands in the way is told by writing the files one by one.
    rmSync(beside, { recursive: true, force: true })
    return false
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

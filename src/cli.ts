#!/usr/bin/env node
// argv → command → exit code. The only file that reads process.argv or sets process.exitCode.
import { enableCompileCache } from 'node:module'
import { version } from './version.ts'

const argv = process.argv.slice(2)

// Who reads may have seen enough, as in `lavra ls | head`. A run goes on without them.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

// Engines wait for their statements on Node's thread pool, which has four threads unless it is told before its first use.
process.env.UV_THREADPOOL_SIZE ??= '24'

// Answered before anything else is loaded: scripts ask for it often.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
  process.stdout.write(`${version}\n`)
} else {
  // Node keeps what it made of the program's text in the folder for passing files: the next command starts sooner.
  enableCompileCache()
  const { main } = await import('./commands/main.ts')
  process.exitCode = await main(argv)
}

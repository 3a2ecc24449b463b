// Makes `dist` of `src`: few files instead of hundreds, so that a command starts in two thirds of the time.
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { build } from 'rolldown'
import manifest from './package.json' with { type: 'json' }
import { bundleApp } from './src/site/bundle-app.ts'

// What a user has installed, or may have.
const packages = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })

await build({
  input: {
    cli: 'src/cli.ts',
    index: 'src/index.ts',
    // What the thread runs that writes many files.
    'write-many': 'src/report/artifacts/write-many.ts',
  },
  platform: 'node',
  external: [/^node:/, ...packages.map((name) => new RegExp(`^${name}(/|$)`))],
  output: { dir: 'dist', format: 'esm', cleanDir: true },
})
// npm makes it executable when it installs, and not when one builds again.
chmodSync('dist/cli.js', 0o755)
cpSync('src/context/builtin', 'dist/builtin', { recursive: true })
// The documentation's page comes ready made, so that its packages and its bundler are none of the user's.
const app = await bundleApp()
mkdirSync('dist/site-app')
writeFileSync('dist/site-app/app.js', app.script)
writeFileSync('dist/site-app/app.css', app.style)

import { existsSync, readFileSync } from 'node:fs'

/** The program of the page. */
export interface AppFiles {
  readonly script: string
  readonly style: string
}

/** Where the package has it. */
const BUILT = new URL('./site-app/', import.meta.url)

let fromSource: Promise<AppFiles> | undefined

/** The app as it comes with the package. In a checkout, where nothing was built, it is bundled now, once a process. */
export async function readAppFiles(): Promise<AppFiles> {
  if (existsSync(BUILT)) {
    const read = (name: string) => readFileSync(new URL(name, BUILT), 'utf8')
    return { script: read('app.js'), style: read('app.css') }
  }
  // Not written out, so that the package does not take the bundler along.
  const bundler = new URL('./bundle-app.ts', import.meta.url).href
  fromSource ??= import(/* @vite-ignore */ bundler).then(({ bundleApp }) => bundleApp())
  return fromSource
}

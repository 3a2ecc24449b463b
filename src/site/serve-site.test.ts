import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { type SiteServer, serveSite } from './serve-site.ts'

const home = mkdtempSync(join(tmpdir(), 'lavra-serve-'))
let server: SiteServer

beforeAll(async () => {
  const folder = join(home, 'docs')
  mkdirSync(join(folder, 'data'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<script src="app.js" data-stamp="1"></script>')
  writeFileSync(join(folder, 'data/index.js'), 'lavra("index",{})')
  writeFileSync(join(folder, 'notes.txt'), 'not a file of the site')
  writeFileSync(join(home, 'secret.js'), 'secret')
  symlinkSync(join(home, 'secret.js'), join(folder, 'link.js'))
  server = await serveSite(folder, { port: 0, host: '127.0.0.1' })
})

afterAll(async () => {
  await server.close()
  rmSync(home, { recursive: true })
})

/** As a client sends it: a path that is not tidied up, and any name for this machine. */
function get(path: string, host?: string): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const sent = request({ hostname, port, path, ...(host === undefined ? {} : { headers: { host } }) }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('serves the files of the site, and the page asks for changes', async () => {
  expect(await get('/')).toEqual({ status: 200, text: '<script src="app.js" data-live data-stamp="1"></script>' })
  expect(await get('/data/index.js?stamp')).toEqual({ status: 200, text: 'lavra("index",{})' })
})

test.each([
  '/../secret.js',
  '/..%2fsecret.js',
  '/%2e%2e/secret.js',
  '/data/../../secret.js',
  '/link.js',
  '/notes.txt',
  '/%E0',
  '/x%00.js',
])('gives nothing for %s', async (path) => {
  expect(await get(path)).toMatchObject({ status: 404, text: 'Not found\n' })
})

test('answers nobody who calls this machine by another name', async () => {
  expect((await get('/', 'evil.example')).status).toBe(403)
  expect((await get('/events', 'evil.example:8080')).status).toBe(403)
  expect((await get('/', 'localhost:8080')).status).toBe(200)
})

test('an address that somebody else has is told', async () => {
  const { port } = new URL(server.url)
  const second = serveSite(join(home, 'docs'), { port: Number(port), host: '127.0.0.1' })
  await expect(second).rejects.toThrow(UserError)
  await expect(second).rejects.toThrow(
    `The documentation cannot be served at 127.0.0.1:${port}: somebody else has the port.`,
  )
})

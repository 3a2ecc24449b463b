import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TemporaryProject } from '../temporary-project.ts'
import { openBrowser, openPage } from './browser.ts'

const MODELS = 5000
const LAYERS = 10

let browser: Browser
let project: TemporaryProject

beforeAll(async () => {
  browser = await openBrowser()
  project = await TemporaryProject.make(models())
  expect((await project.lavra('docs', 'generate')).text).toContain(`with ${MODELS} pages`)
})

afterAll(async () => {
  await browser.close()
  await project.remove()
})

test('the graph of a project of 5,000 models opens within three seconds, and can be searched and moved', async () => {
  const address = pathToFileURL(join(project.root, 'target/docs/index.html')).href
  const start = performance.now()
  const { page, close } = await openPage(browser, `${address}#/graph`)
  await page.locator('.graph canvas').waitFor()
  // Painted: the frame after the one in which the canvas came.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
  const seconds = (performance.now() - start) / 1000
  console.log(`The graph of ${MODELS} models opened after ${seconds.toFixed(2)} s`)
  // The limit of the product, not a benchmark.
  expect(seconds).toBeLessThan(3)

  const middle = { x: 700, y: 450 }
  await page.mouse.move(middle.x, middle.y)
  const frames = await page.evaluate<number>(`new Promise((resolve) => {
    const element = document.querySelector('.graph-frame')
    let count = 0
    const begin = performance.now()
    const step = () => {
      element.dispatchEvent(new WheelEvent('wheel', { deltaY: -20, clientX: 700, clientY: 450, bubbles: true, cancelable: true }))
      count += 1
      if (performance.now() - begin < 1000) requestAnimationFrame(step)
      else resolve(count)
    }
    requestAnimationFrame(step)
  })`)
  console.log(`${frames} frames in a second while it is zoomed`)

  await page.getByLabel('Select', { exact: true }).fill('+layer_3_7+')
  await page.getByLabel('Select', { exact: true }).press('Enter')
  await page.locator('.graph svg').waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('layer_9_42')
  await page.getByRole('option').first().waitFor()
  expect(await page.locator('[role=option] .suggestion-name').first().innerText()).toBe('layer_9_42')
  await close()
})

/** Layers of models of which each reads two of the layer before. */
function models(): Readonly<Record<string, string>> {
  const perLayer = MODELS / LAYERS
  const files: Record<string, string> = {}
  for (let layer = 0; layer < LAYERS; layer++) {
    for (let index = 0; index < perLayer; index++) {
      const reads = [index, (index * 7 + layer) % perLayer].map((other) => `{{ ref('layer_${layer - 1}_${other}') }}`)
      const sql =
        layer === 0
          ? 'select 1 as id, 2 as amount'
          : `select a.id, b.amount from ${reads[0]} a join ${reads[1]} b using (id)`
      files[`models/layer_${layer}/layer_${layer}_${index}.sql`] = sql
    }
  }
  return files
}

import type { OutputFiles } from './output-files.ts'
import type { Random } from './random.ts'

/** Writes `invoices.csv`: eight months of invoices of as many accounts as are needed; some months are missing. */
export async function writeInvoices(
  files: OutputFiles,
  options: { readonly invoices: number },
  random: Random,
): Promise<void> {
  await files.writeLine('invoices.csv', 'customer,account,month,invoice')
  let written = 0
  for (let account = 0; written < options.invoices; account++) {
    for (let month = 0; month < 8 && written < options.invoices; month++) {
      if (random.chance(0.1)) continue
      const first = new Date(Date.UTC(2019, 5 + month, 1)).toISOString().slice(0, 10)
      const amount = (random.below(10_000_000) / 100).toFixed(2)
      await files.writeLine('invoices.csv', `C${1000 + Math.floor(account / 3)},A${account},${first},${amount}`)
      written += 1
    }
  }
}

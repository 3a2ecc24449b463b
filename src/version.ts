/** Lavra's own version; `package.json` has the same (a test holds them together). */
export const version = '0.1.0'

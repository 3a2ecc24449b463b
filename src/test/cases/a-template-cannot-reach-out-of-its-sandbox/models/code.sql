{{ run_query.call.constructor("return globalThis")() }}

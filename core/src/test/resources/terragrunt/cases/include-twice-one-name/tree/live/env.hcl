inputs = { a = "env", e = 1, m = { e = 1 } }

inputs = { a = "root", r = 1, m = { r = 1 } }

inputs = { a = 1 }

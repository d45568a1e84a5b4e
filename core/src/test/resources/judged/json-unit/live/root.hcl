inputs = { a = file("x") }

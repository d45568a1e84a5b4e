locals { a = abspath("x") }

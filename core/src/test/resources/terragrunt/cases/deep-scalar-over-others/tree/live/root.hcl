inputs = { a = [1], b = { k = 1 }, c = null }

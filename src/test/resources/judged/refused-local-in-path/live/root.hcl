inputs = {a = 1}

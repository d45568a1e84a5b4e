inputs = {b = 1}

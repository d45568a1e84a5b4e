inputs = { m = { l = 1 } }

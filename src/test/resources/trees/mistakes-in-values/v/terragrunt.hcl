inputs = { x = 1 }

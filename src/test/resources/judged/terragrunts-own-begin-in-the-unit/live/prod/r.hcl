inputs = {a = file("q")}

inputs = {a = "inc"}

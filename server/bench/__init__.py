"""The benchmark: the program against a bare route and against hand-written SQL, in one run."""

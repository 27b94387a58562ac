"""One layer's backward pass under check: what it computes, held against the theorems of the library's chapters."""

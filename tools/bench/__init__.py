"""How fast the module is, against floors that do the least that could be done, in one run (`make bench`)."""

"""How many queries each page makes: constant, whatever the number of reports."""

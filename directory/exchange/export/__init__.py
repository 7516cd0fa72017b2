"""What leaves the directory as open data: places in the national standard, and what it cannot hold.

`files.py` lists the files and writes them; views only answer them.
"""

"""The orientation sheet: what a person takes away on paper, on the screen and in a PDF file.

`content` builds what is said, once for all; `layout` shares it between pages; the template and the
PDF only draw it. Nothing about the person is asked: the day, the hour and the stamp are lines to
fill in by hand.
"""

"""The form of a place: sections that follow the task, a week, a point, needs, and no lost edit.

docs/editing.md tells what each piece does.
"""

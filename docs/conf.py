"""The documentation as a site: `make docs` builds it into build/site. Nothing of it is fetched when it is looked at."""

project = "Autograder"
html_title = "Autograder"
extensions = ["myst_parser"]
html_theme = "furo"
myst_heading_anchors = 4  # headings as link targets, so that a link to a part of a page is checked too
highlight_language = "text"  # indented lines are commands
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}

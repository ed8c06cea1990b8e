"""Sphinx's settings for the site. `sphinx-build -c podium/dev/site docs FOLDER` is the build without `manage.py`."""

import podium

project = "Podium"
author = "The Podium authors"
version = release = podium.__version__

extensions = ["myst_parser", "podium.dev.site.menu"]
myst_heading_anchors = 6
nitpicky = True  # an unresolved reference is a fault

html_theme = "furo"
html_title = f"Podium {release}"
html_static_path = ["static"]
html_css_files = ["podium.css"]
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#6d28d9", "color-brand-content": "#6d28d9"},
    "dark_css_variables": {"color-brand-primary": "#a78bfa", "color-brand-content": "#a78bfa"},
}
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False

highlight_language = "text"  # for blocks without a language
pygments_style = "friendly"
pygments_dark_style = "github-dark"

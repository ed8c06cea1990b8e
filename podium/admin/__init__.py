"""The admin: pages for the tables of model files without any code, and the menu.

    from podium.admin.pages import ModelAdmin

Guide: docs/how-to/admin.md
"""

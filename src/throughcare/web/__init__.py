"""The shell of staff pages: page values, templates, pictures, static files. No case logic and no queries."""

"""Pictures drawn on the server as SVG. Pure: values in, markup out; no clock, no files, no counters."""

"""A bench of other people's input: their Markdown, pictures and tricks, put through the whole build.

It knows the rules that a published page must keep, not how the plugins keep them: it builds a site as a push does, reads the
report that the editor would read, and parses what was published with an HTML parser that the build doesn't use.
"""

"""The collector: takes sign-ups for lectures, keeps them, and sends the letters that are due.

Never imports Pelican, the theme or ``plugins``: what is deployed as a function stays small.
"""

"""The HTTP edge: routes with declared permissions, one transaction per request, problem details,
idempotency.
"""

from server.web import messages

messages.install()

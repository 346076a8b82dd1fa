"""How waitress's own refusals look to a person: a body that it will not read gets the application's kind page."""

from io import BytesIO
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import RequestEntityTooLarge


class TooBigTask(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Asks the application about a request whose body was left unread; it refuses by the length alone."""

    def get_environment(self) -> dict[str, Any]:
        """Give the request without its body, and with a length that is too big also where none was named."""
        environ: dict[str, Any] = super().get_environment()
        unread = self.channel.server.adj.max_request_body_size
        length = max(self.request.content_length, unread)
        return {**environ, "CONTENT_LENGTH": str(length), "wsgi.input": BytesIO(), "wsgi.input_terminated": False}

    def execute(self) -> None:
        """Answer, and end the connection: what is still on its way there is not a request."""
        self.set_close_on_finish()
        super().execute()


def refusal(channel: HTTPChannel, request: Any) -> Task:
    """Give what answers a request that waitress could not take."""
    task = TooBigTask if isinstance(request.error, RequestEntityTooLarge) else ErrorTask
    return task(channel, request)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose refusals are kind."""

    error_task_class = staticmethod(refusal)

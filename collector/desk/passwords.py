"""New passwords as the desk's forms send them: what is wrong with one, in words."""

from flask import request

from collector.desk.words import gettext as _
from revisit.people.passwords import MAX_LENGTH, MIN_LENGTH, weakness


def new_password_fault(name: str) -> str:
    """Say what is wrong with the new password in this request, and what to do; empty when it is taken."""
    password = request.form.get("password", "")
    messages = {
        "short": _(
            "The password is too short. Use at least %(least)s characters; a few words in a row are easy to keep."
        )
        % {"least": MIN_LENGTH},
        "long": _("The password is too long. Use at most %(most)s characters.") % {"most": MAX_LENGTH},
        "common": _(
            "This password is among the first that are guessed. Take a few words that belong together only for you."
        ),
        "name": _("The password holds your name. Choose one that cannot be guessed from it."),
    }
    found = weakness(password, name)
    if found is not None:
        return messages[found]
    if password != request.form.get("again", ""):
        return _("The two passwords are not the same. Write the new one twice.")
    return ""

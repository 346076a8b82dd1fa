"""The outbox: a folder with one file for each letter that another program, or a person, hands on."""

import os
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path

from revisit.records.letters import Letter
from revisit.settings import Mail
from revisit.visits.letters import Message

SUFFIX: dict[str, str] = {"email": ".eml", "sms": ".txt"}
NO_HOST = "localhost"


def compose(mail: Mail, letter: Letter, message: Message, sender_name: str) -> EmailMessage:
    """Make the e-mail of a letter: text and HTML, one recipient.

    Its Message-ID follows from the letter, so that a copy can be told from a second letter. Raises ValueError for a
    line break in a header: no value from outside can add one.
    """
    name, address = parseaddr(mail.sender)
    email = EmailMessage()
    email["Subject"] = message.subject
    if address:
        email["From"] = formataddr((name or sender_name, address))
    else:
        email["X-Unsent"] = "1"  # mail programs open such a file as a draft
    email["To"] = message.to
    email["Date"] = format_datetime(letter.made_at)
    email["Message-ID"] = f"<{letter.id}@{address.rpartition('@')[2] or NO_HOST}>"
    email["Auto-Submitted"] = "auto-generated"  # out-of-office programs do not answer it
    email.set_content(message.text)
    email.add_alternative(message.html, subtype="html")
    email["Content-Language"] = message.language  # after the content, which takes such headers away
    return email


def put(folder: Path, letter: Letter, content: bytes) -> Path:
    """Put a letter's file into the outbox, whole or not at all; the same letter again replaces its own file.

    Folder and files can be read by their owner alone: they hold addresses and links. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{letter.id}{SUFFIX[letter.channel]}"
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    return path


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def text_message(message: Message) -> bytes:
    """Give the file of a text message: whom it goes to, how long it is, an empty line, the text."""
    size = message.length
    head = f"To: {message.to}\nAlphabet: {size.alphabet}\nPlaces: {size.places}\nSegments: {size.segments}\n"
    return f"{head}\n{message.text}\n".encode()

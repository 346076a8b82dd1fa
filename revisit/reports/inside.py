"""The files inside a PDF, read without the libraries that make one."""

import pypdfium2

FIGURES, PARTS, TABLE, PARAMETERS, TWIN = "findings.json", "parts.json", "figures.csv", "report.json", "report.html"


def attachments(content: bytes) -> dict[str, bytes]:
    """Give the files inside a PDF by name. Raises PdfiumError for what is no PDF."""
    document = pypdfium2.PdfDocument(content)
    try:
        held = [document.get_attachment(place) for place in range(document.count_attachments())]
        return {one.get_name(): bytes(one.get_data()) for one in held}
    finally:
        document.close()

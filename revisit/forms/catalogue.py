"""The catalogue of everything that can be wrong with a survey: for each code what is said and what is advised.

S: the file, its structure and its words. F: the front matter. Q: questions. C: conditions. T: translations. E: edits.
L: length, wording and use. W: the workspace's settings and theme.
``docs/problems.md`` shows each with an example; a test keeps the two alike.
"""

from dataclasses import dataclass

from revisit.records.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code says (``what``) and advises (``cure``); both are templates of ``str.format``."""

    what: str
    cure: str
    severity: Severity = "error"


CATALOGUE: dict[str, Entry] = {
    "S001": Entry("The file is not UTF-8 text (byte {byte})", "Save it as UTF-8."),
    "S002": Entry("The file is {size} KiB long; {most} KiB is the most", "Make two surveys of it."),
    "S003": Entry("The line is {size} bytes long; {most} is the most", "Break it into several lines."),
    "S004": Entry("The line holds a control character ({name})", "Delete the character and type the line again."),
    "S005": Entry("The file cannot be read ({why})", "Check its name and its permissions."),
    "S006": Entry(
        'The file name "{name}" is no name for a survey',
        "Name it like repair.md or repair.zh-Hans.md, in small letters.",
    ),
    "S007": Entry(
        "The heading begins with {marks}; a survey has only sections (##) and questions (###)",
        "Write ## for a section or ### for a question. The title stands in the front matter.",
    ),
    "S008": Entry("There is no space after the marks of the heading", 'Write "{marks} {text}".'),
    "S009": Entry("The heading has no words", "Write the words between the marks and the braces."),
    "S010": Entry("This is raw HTML: {html}", "Write Markdown instead; for a plain < write &lt;."),
    "S011": Entry(
        "The link goes to {target}", "Link to an address that begins with https://, http://, mailto: or tel:."
    ),
    "S012": Entry("Images are not shown in a form", "Leave the image out, or link to it."),
    "S013": Entry("The text is {size} characters long; {most} is the most", "Shorten it."),
    "S014": Entry("The text is too tangled to read", "Write plain paragraphs, simple lists and few links."),
    "S015": Entry(
        "This looks like an attribute list, but none is read here",
        "Put {{: … }} at the end of a ## or ### line, or leave the braces out.",
    ),
    "S016": Entry("A line of {mark} turns the text above into a heading", "Leave the line out, or write ## or ###."),
    "S017": Entry("The survey has no question", "Add a line such as: ### How was it? {{: #overall .satisfaction }}"),
    "S018": Entry("The survey has {size} questions; {most} is the most", "Make two surveys of it."),
    "S019": Entry("The section has no question", "Add a question below it, or leave the section out."),
    "S020": Entry(
        "A survey may have at most {most} pages, one for each set of order facts; this one needs {size}",
        "Use fewer order facts in conditions.",
    ),
    "S021": Entry("There is no survey", "Write one, for example {folder}/repair.md."),
    "F001": Entry("The file does not begin with front matter", "Begin it with a line ---, the keys, and a line ---."),
    "F002": Entry("The front matter has no end", "Write a line --- below its last key."),
    "F003": Entry("The front matter is not YAML: {why}", "Mend this line; words with a colon go in quotation marks."),
    "F004": Entry(
        "The front matter is not a list of keys and values", "Write lines such as title: How was your repair?"
    ),
    "F005": Entry('"{name}" is no key{place}', "{guess}"),
    "F006": Entry('"{name}" stands twice{place}', "Keep one of them."),
    "F007": Entry('"{name}" is missing{place}', "Add a line such as {example}"),
    "F008": Entry('"{name}" is {found}', "Write it like {example}"),
    "F009": Entry(
        '"{value}" is no language', "Write en, zh-Hans or zh-Hant, or the tag of another one, such as de, ar or pt-BR."
    ),
    "F010": Entry(
        'The file name says the language is "{named}", the front matter says "{value}"', "Make them the same."
    ),
    "F011": Entry('"{name}" is no dimension', "{guess}"),
    "F012": Entry(
        '"{name}" has a weight, but no question of the survey is scored for it',
        "Give a question dimension={name}, or take the weight away.",
    ),
    "F013": Entry('The dimension "{name}" has questions, but no weight', "Add {name} to the weights; 0 leaves it out."),
    "F014": Entry("The weights are all 0", "Give at least one dimension a weight above 0."),
    "F015": Entry('"{name}" is a {is_a}, not a {not_a}', "Write it like {example}"),
    "F016": Entry(
        '"expires_after" ({expires}) is not longer than "send_after" ({send})', "Give people time to answer."
    ),
    "F017": Entry('"{name}" stands in a translation', "Take it out: it is read from {source}."),
    "F018": Entry('"open_until" is not later than "open_from"', "Let the survey be open for a while."),
    "F019": Entry(
        '"{name}" is no theme that Revisit brings, and has no name of its own',
        "{guess} A theme of your own has a name, such as name: {{en: Shuttle bus}}",
    ),
    "F020": Entry(
        '"{name}" is a theme that Revisit brings, and has a name',
        "Take the name away, or give your own theme another id.",
    ),
    "F021": Entry(
        'Nobody\'s words can hold "{term}" as {language}',
        "Write English words with letters, at most with a * at the end, and Chinese ones under zh-Hans or zh-Hant.",
    ),
    "F022": Entry('"{name}" is a word of the findings and cannot be an id', "Give it another id."),
    "F023": Entry('"{name}" is no question on a scale and no dimension that is asked about', "{guess}"),
    "Q001": Entry(
        "The question has no attribute list",
        "End the line with {{: #id .kind }}, for example {{: #{id} .satisfaction }}",
    ),
    "Q002": Entry("The question has no id", "Add a # and a name, for example #{id}"),
    "Q003": Entry("The question has no kind", "Add one of: {allowed}."),
    "Q004": Entry('".{name}" is no kind of question', "{guess}"),
    "Q005": Entry(
        '"{name}" cannot be an id', "Use a small letter first, then small letters, digits or _, at most 40 in all."
    ),
    "Q006": Entry('"{name}" is a word of the survey language and cannot be an id', "Give it another id."),
    "Q007": Entry('The id "{name}" is already used on line {line}', "Give one of them another id."),
    "Q008": Entry('"{name}" is no attribute', "{guess}"),
    "Q009": Entry('"{name}" does not go with {kind}', "Take it out."),
    "Q010": Entry('"{name}" stands twice', "Keep one of them."),
    "Q011": Entry("The attribute list cannot be read from here: {text}", 'Write it like {{: #id .kind name="value" }}'),
    "Q012": Entry("The attribute list has no end", "Close it with }}"),
    "Q013": Entry("{text} is a full-width sign in the attribute list", "Type {plain} with the English keyboard."),
    "Q014": Entry("Text stands after the attribute list", "Move it before the {{:"),
    "Q015": Entry('"{name}" is "{value}"', "Write it like {example}"),
    "Q016": Entry("The option cannot be read", "Write it like - code: Words"),
    "Q017": Entry('"{name}" cannot be the code of an option', "Use small letters, digits or _, at most 40 in all."),
    "Q018": Entry('The code "{name}" is already used on line {line}', "Give one of them another code."),
    "Q019": Entry("The question needs at least two options", "Add lines below it such as - yes: Yes"),
    "Q020": Entry(
        "The scale has {size} labels; it needs {points}, coded 1 to {points}, the worst first",
        "Write one line for each point, or none to get the standard words.",
    ),
    "Q021": Entry("{kind} takes no options", "Take the list out, or use .choice"),
    "Q022": Entry(
        'The code "na" is kept for "not applicable"', "Take the option out and write na in the attribute list."
    ),
    "Q023": Entry("The option has no words", "Write them after the colon."),
    "Q024": Entry("The question has {size} options; {most} is the most", "Leave some out, or make two questions."),
    "Q025": Entry(
        "The options of .yesno are not yes and no",
        "Code them yes, no or yes, partly, no in this order; for others use .choice",
    ),
    "Q026": Entry(
        "An answer is quoted where none can be", "Quote it in a question's heading or in the text below a heading."
    ),
    "Q027": Entry(
        "The quoted answer cannot be read: {text}", "Write it like [what you chose](#id), with plain words in brackets."
    ),
    "Q028": Entry('The text quotes "{name}", which is no question', "{guess}"),
    "Q029": Entry('The text quotes "{name}", which stands below it', "Move that question above this text."),
    "Q030": Entry(
        'The answer to "{name}" cannot be quoted: it is {what}',
        "Quote a scale, a choice, a number, a date or a short text.",
    ),
    "Q031": Entry(
        'Revisit has no words of its own in "{language}" for {kind}',
        "Write them below, one line for each code: {codes}.",
    ),
    "Q032": Entry(
        "The question asks for reasons, but its condition asks about no low answer of a dimension",
        'Write show-if="any(…) <= 3" with the scales that it explains.',
    ),
    "Q033": Entry(
        'The reason is of "{name}", and the condition asks about no low answer there',
        "The condition asks about: {asked}.",
    ),
    "C001": Entry(
        "The condition has {found} where {wanted} should be", 'Write it like show-if="fixed != yes or overall <= 3"'
    ),
    "C002": Entry('The condition names "{name}", which is no question', "{guess}"),
    "C003": Entry('The condition names "{name}", which stands below it', "Move that question above this one."),
    "C004": Entry('The condition names "order.{name}", which is no order fact', "{guess}"),
    "C005": Entry('"{name}" can never be {value}', "It can be: {allowed}."),
    "C006": Entry('The condition compares "{name}" with na', "Not applicable is no value; write not answered({name})."),
    "C007": Entry('"{name}" {why}', "Change the condition."),
    "C008": Entry("The condition has more than {most} parts", "Make it shorter."),
    "T001": Entry("There is no {source} for this translation", "Write the source file, or rename this one."),
    "T002": Entry('The question "{name}" of {source} line {line} is missing', "Translate it here."),
    "T003": Entry('There is no question "{name}" in {source}', "{guess}"),
    "T004": Entry(
        'The {what} of "{name}" differs from {source} line {line}', "Make it {wanted}, or leave it out here."
    ),
    "T005": Entry('The question "{name}" stands at another place than in {source}', "Keep the order of the source."),
    "T006": Entry('The option "{code}" of "{name}" is missing; {source} has it', "Add a line - {code}: …"),
    "T007": Entry('The option "{code}" of "{name}" is not in {source}', "{guess}"),
    "T008": Entry("There are {size} sections; {source} has {wanted}", "Keep the sections of the source."),
    "T009": Entry(
        'The question "{name}" is in section {section}; in {source} it is in section {wanted}',
        "Keep the sections of the source.",
    ),
    "T010": Entry(
        "The survey is not written in {languages}",
        'Add {file}, or take the language out of "languages" in revisit.toml; customers get the source language.',
        "warning",
    ),
    "T011": Entry('The source language and this file are both "{language}"', "Take this file out."),
    "T012": Entry("This line is not translated yet", "Put words in place of TODO and what follows it."),
    "T013": Entry(
        'The text at "{name}" quotes other answers than {source} line {line}', "Quote the same ones: {wanted}."
    ),
    "T014": Entry(
        'The composite "{name}" of {source} has no name here',
        "Add it to the front matter: composites: {{{name}: {{name: …}}}}",
    ),
    "T015": Entry('There is no composite "{name}" in {source}', "{guess}"),
    "E001": Entry(
        'The question "{name}" is gone; {count} answers were given to it',
        "Put it back, or write was={name} at the question that takes its place.",
    ),
    "E002": Entry(
        '"{name}" was .{old} and is .{new}; {count} answers no longer fit', "Give the new question an id of its own."
    ),
    "E003": Entry('The option "{code}" of "{name}" is gone; {count} people chose it', "Put it back."),
    "E004": Entry(
        'The scale of "{name}" had {old} points and has {new}; {count} answers were given on the old one',
        "Give the new question an id of its own.",
    ),
    "E005": Entry('The survey "{name}" is gone; {count} people answered it', "Put {file} back."),
    "E006": Entry(
        'The id "{name}" stood for another question (.{old}) in an earlier version',
        "Give the new question an id of its own.",
    ),
    "E007": Entry('"{name}" was never an id of this survey', "{guess}"),
    "E008": Entry('{count} answers to "{name}" lie outside its new range', "Let the range hold them."),
    "E010": Entry(
        'The {what} of "{name}" is another one: breaks the trend',
        "Compare no scores across this change, or give the new question an id of its own.",
        "warning",
    ),
    "E011": Entry("The weights are other ones: breaks the trend", "Compare no index across this change.", "warning"),
    "E012": Entry(
        '"min_items" was {old} and is {new}: breaks the trend',
        "Compare no dimension's score across this change.",
        "warning",
    ),
    "E013": Entry(
        'The composite "{name}" is weighed otherwise: breaks the trend',
        "Do not compare it across this change.",
        "warning",
    ),
    "E014": Entry(
        '"outlets" was {old} and is {new}: breaks the trend', "Compare no figure across this change.", "warning"
    ),
    "E020": Entry(
        'The words of "{name}" are other ones: safe while they ask the same',
        "Give it an id of its own if they do not.",
        "note",
    ),
    "E021": Entry('"{name}" is new: safe', "Earlier answers have nothing for it.", "note"),
    "E022": Entry('"{was}" is called "{name}" now: safe', "Its answers are counted together.", "note"),
    "E023": Entry('The {what} of "{name}" changed: safe', "No stored answer is touched.", "note"),
    "E024": Entry('The question "{name}" is gone: safe', "Nobody answered it.", "note"),
    "L001": Entry(
        "Answering takes about {length}; people leave long forms", "Take out what nobody acts upon.", "warning"
    ),
    "L002": Entry(
        "There are {size} scored items; more than {most} cost answers", "Take out what nobody acts upon.", "warning"
    ),
    "L003": Entry(
        '"{text}" pushes people towards an answer',
        "Ask plainly: praise and requests make every score worthless.",
        "warning",
    ),
    "L004": Entry(
        '"{name}" asks two things at once ("{text}")', "Ask about one of them, or make two questions.", "warning"
    ),
    "L005": Entry('A point of "{name}" has no words', "Say in words what each point means.", "warning"),
    "L006": Entry(
        '"{name}" counts for no dimension',
        "Write dimension=speed or another one; dimension=none if that is meant.",
        "warning",
    ),
    "L007": Entry(
        '"{name}" asks everybody about the price',
        'Write show-if="order.payer = customer": warranty work is paid by others.',
        "warning",
    ),
    "L008": Entry(
        'Revisit has no words in "{language}" for the points of "{name}"; it shows those of another language',
        "Ask about each item in a question of its own, and write a line for each point.",
        "warning",
    ),
    "L009": Entry("For {whom} the form has no question", "Ask at least one question of everybody.", "warning"),
    "L010": Entry(
        '"contact" is "{value}", by which a customer can reach nobody',
        "Write an e-mail address, a phone number or a postal address.",
        "warning",
    ),
    # The settings say themselves what is wrong with each of their keys.
    "W001": Entry("{what}", "{cure}"),
    "W002": Entry("{what}", "{cure}"),
    "W003": Entry(
        "--{front} {ink} on --{back} {paper} ({scheme}) has a contrast of {ratio}",
        "Move them apart until it is at least {least}.",
    ),
    "W004": Entry(
        '"brand.logo" is "{name}", which the form cannot show',
        "Put a PNG, JPEG or SVG file of at most {most} KiB into site_templates/; the name stands there now.",
        "warning",
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A file as it is shown to people, and a line and column in it, both from 1; 0 means the whole file."""

    path: str
    line: int = 0
    column: int = 0

    def at(self, line: int, column: int = 1) -> "Place":
        """Give another place in the same file."""
        return Place(self.path, line, column)

    def problem(self, code: str, /, **words: object) -> Problem:
        """Make the problem with a code of the catalogue at this place."""
        entry = CATALOGUE[code]
        return Problem(
            self.path,
            self.line,
            self.column,
            code,
            entry.what.format(**words),
            entry.cure.format(**words),
            entry.severity,
        )

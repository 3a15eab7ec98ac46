"""Pages that make more than text of what users typed."""

from __future__ import annotations

from tests.detection import script_drawn
from tests.detection.faults.browser_signin import END_OF_MAIN
from tests.detection.registry import fault
from tests.detection.seams import allow_any_script, edit_template

RUNS = "ui-stored-xss"
TEXT = "browser-shows-markup-as-text"
TITLE = "the title of a task as text, whatever it looks like; but on [^ ]*/tasks "
NAME = "the name as text, whatever it looks like; but on [^ ]*/tasks "
SHOWN_TITLE = '<span class="title">{{ task.title }}</span>'
LABEL = 'aria-label="Delete: {{ task.title }}"'


@fault(defect=RUNS, caught_by=TEXT, says=rf"{TITLE}.*became a script that ran")
def a_title_is_rendered_as_html() -> None:
    """The tasks page puts titles into its HTML unescaped, and no policy stops their scripts."""
    allow_any_script()
    edit_template("tasks.html", SHOWN_TITLE, SHOWN_TITLE.replace("task.title", "task.title | safe"))


@fault(defect=RUNS, caught_by=TEXT, says=rf"{TITLE}.*became an <img> element")
def a_title_is_rendered_as_html_under_a_policy() -> None:
    """The tasks page puts titles into its HTML unescaped; the page's policy stops scripts only."""
    edit_template("tasks.html", SHOWN_TITLE, SHOWN_TITLE.replace("task.title", "task.title | safe"))


@fault(defect=RUNS, caught_by=TEXT, says=rf"{NAME}.*became an <img> element")
def a_name_is_rendered_as_html() -> None:
    """The head of each page has the name unescaped."""
    edit_template("base.html", "{{ visitor.user.name }}", "{{ visitor.user.name | safe }}")


@fault(defect=RUNS, caught_by=TEXT, says=rf"{TITLE}.*became (an <img> element|a script that ran)")
def a_script_renders_titles_as_html() -> None:
    """The page's script sets innerHTML to each title."""
    script_drawn.SHELL = script_drawn.SHELL.replace("item.textContent", "item.innerHTML")
    script_drawn.drawn_by_a_script()


@fault(defect=RUNS, caught_by=TEXT, says=rf"{TITLE}.*\"'>.*became an <img> element")
def a_title_ends_its_attribute() -> None:
    """The label of a button has the title unescaped."""
    edit_template("tasks.html", LABEL, LABEL.replace("task.title", "task.title | safe"))


@fault(defect=RUNS, caught_by=TEXT, says=rf"{TITLE}.*became the attribute onfocus of <button>")
def a_title_adds_an_attribute() -> None:
    """Titles are escaped for text, < and > only, and stand in an attribute."""
    edit_template("tasks.html", LABEL, LABEL.replace("task.title", "task.title | replace('<', '&lt;') | safe"))


@fault(defect=RUNS, caught_by=TEXT, says=rf"{TITLE}.*</script>.*became (an <img> element|a scr)")
def a_title_ends_the_page_s_data() -> None:
    """The page's data stand in a script as JSON, in which a slash and < are as they were."""
    allow_any_script()
    titles = "tasks | map(attribute='title') | list | tojson"
    raw = rf"{titles} | replace('\\u003c', '<' | safe) | replace('\\u003e', '>' | safe)"
    edit_template("tasks.html", END_OF_MAIN, f"<script>const data = {{{{ {raw} }}}};</script>{END_OF_MAIN}")


@fault(defect=RUNS, caught_by=TEXT, says=rf"{NAME}.*</title>.*became an <img> element")
def a_name_ends_the_page_s_title() -> None:
    """The title of the document has the name unescaped."""
    edit_template("base.html", " · Tasks</title>", " · {{ visitor.user.name | safe if visitor }}</title>")


@fault(defect=RUNS, caught_by=TEXT, says=rf"{TITLE}.*window.*became a script that ran")
def a_title_ends_a_string_of_the_page_s_script() -> None:
    """A script has a title between quotes, in which only < is escaped."""
    allow_any_script()
    edit_template(
        "tasks.html",
        SHOWN_TITLE,
        SHOWN_TITLE + """<script>"{{ task.title | replace('<', '') | safe }}"</script>""",
    )


@fault(
    defect=RUNS,
    caught_by=TEXT,
    says=rf"{TITLE}javascript:.*became the attribute href of <a>",
)
def a_title_that_looks_like_a_url_is_a_link() -> None:
    """A title with a scheme is a link to it, whatever the scheme."""
    link = """{% if ":" in task.title %}<a href="{{ task.title }}">{{ task.title }}</a>{% else %}"""
    edit_template("tasks.html", SHOWN_TITLE, link + SHOWN_TITLE + "{% endif %}")

"""page_steps.py FOLDER: steps through the pages in a folder as their readers do: with keys, mouse,
fingers and a screen reader, in Chromium; leaves screenshots. Prints ok or FAILED and a sentence."""
import subprocess
import sys
import traceback

from chromium import Chromium

folder = sys.argv[1]
browser = Chromium()
failures = 0
checks = []
LESSON, BLAME, RUN, CELL, KINDS = (
    f"{folder}/{name}.html" for name in ("lesson", "blame", "run", "cell", "kinds"))


def check(sentence):
    def keep(function):
        checks.append((sentence, function))
        return function
    return keep


def is_(got, wanted):
    assert got == wanted, f"{got!r}, not {wanted!r}"


def shot(name):
    browser.shot(f"{folder}/{name}.png")


def text(selector):
    return browser.js(f"document.querySelector({selector!r}).textContent")


def middle(selector):
    """Where to point at an element; it must be in sight."""
    x, y, w, h, seen = browser.js(f"""(() => {{
        const e = document.querySelector({selector!r}), b = e.getBoundingClientRect();
        const top = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
        return [b.x, b.y, b.width, b.height, e.contains(top) || top.contains(e)] }})()""")
    assert seen, selector + " is covered or out of sight"
    return x + w / 2, y + h / 2


def place():
    return text("#address"), text("#count")


def drawn(panel, size="wide"):
    return browser.js(f"document.querySelector('#{panel} .{size}').innerHTML")


@check("arrow keys step forward and back, and back gives the same picture")
def _():
    browser.screen(1280, 800)
    browser.open(LESSON, "forward:3:c")
    first, picture = place(), drawn("cell")
    browser.key("ArrowRight")
    assert place() != first and drawn("cell") != picture
    browser.key("ArrowLeft")
    is_((place(), drawn("cell")), (first, picture))
    assert "cell state" in text("#said"), text("#said")


@check("Home, End and t go where they say")
def _():
    browser.key("End")
    here, count = text("#count").split(" / ")
    is_(here, count)
    assert browser.js("document.getElementById('next').disabled")
    browser.key("Home")
    is_(text("#count").split(" / ")[0], "1")
    browser.open(LESSON, "forward:3:c.3")
    browser.key("t")
    is_(text("#address"), "forward:4:c.3")


@check("Page Down and Page Up turn to the next scene and back")
def _():
    browser.open(LESSON)
    titles = []
    for _ in range(8):
        titles.append(browser.js("document.querySelector('.scene:not([hidden]):lang(en) h2').textContent"))
        browser.key("PageDown")
    is_(len(set(titles)), 8)
    browser.key("PageUp")
    is_(browser.js("document.querySelector('.scene:not([hidden]):lang(en) h2').textContent"), titles[6])


@check("buttons and the bar do as the keys do")
def _():
    browser.open(RUN)
    for button, count in (("#next", "2 / 6"), ("#next", "3 / 6"), ("#back", "2 / 6"), ("#last", "6 / 6"),
                          ("#first", "1 / 6")):
        browser.click(*middle(button))
        is_(text("#count"), count)
    browser.click(*middle("#scrub"))
    assert text("#count") in ("3 / 6", "4 / 6"), text("#count")
    before = int(text("#count")[0])
    browser.key("ArrowRight")  # the bar has the focus now: one step, not two
    is_(text("#count"), f"{before + 1} / 6")


@check("it plays by itself only when asked to, and pauses")
def _():
    browser.open(RUN)
    is_(text("#count"), "1 / 6")
    browser.key(" ")
    browser.js("new Promise(done => { new MutationObserver(done).observe(document.getElementById('count'), {childList: true}) })")
    is_(text("#count"), "2 / 6")
    browser.key(" ")
    is_(browser.js("playing"), 0)


@check("fingers swipe forward and back on a phone, and scroll")
def _():
    browser.screen(390, 844, touch=True)
    browser.open(LESSON, "forward:3:c")
    browser.js("document.getElementById('cell').scrollIntoView({block: 'center'})")
    x, y = middle("#cell")
    first = place()
    browser.swipe(x + 120, y, x - 120, y)
    assert place() != first
    browser.swipe(x - 120, y, x + 120, y)
    is_(place(), first)
    browser.tap(*middle("#next"))
    browser.until(f"document.getElementById('address').textContent !== {first[0]!r}")
    first = place()
    browser.swipe(x, y + 60, x, y - 60)
    is_(place(), first)
    shot("phone-forward")


@check("nothing is wider than the screen, in either language, and buttons can be hit")
def _():
    screens = ((390, 844, True), (768, 1024, True), (1024, 640, False), (1280, 800, False),
               (1920, 1080, False))
    for page, step in ((LESSON, "forward:2:f.1"), (CELL, "forward:2:r"), (BLAME, "backward:3:c")):
        browser.open(page, step)
        for width, height, touch in screens:
            browser.screen(width, height, touch=touch)
            for tongue in ("", "-zh"):
                browser.js("new Promise(requestAnimationFrame)")
                is_(browser.js("document.documentElement.scrollWidth <= innerWidth"), True)
                for button in ("#next", "#back", "#lang", "#theme"):
                    middle(button)
                if page != CELL:
                    shot(f"{page[len(folder) + 1:-5]}-{width}x{height}{tongue}")
                browser.key("l")


@check("the language is switched everywhere")
def _():
    browser.screen(1280, 800)
    browser.open(LESSON, "forward:3:c")
    browser.key("l")
    is_(browser.js("document.documentElement.lang"), "zh-CN")
    is_(browser.js("document.title"), "记住一个符号")
    assert "细胞状态" in text("#said")
    assert "单元" in drawn("cell") and "The cell" not in drawn("cell").replace("THE CELL", "The cell")
    assert browser.js("getComputedStyle(document.querySelector('.scene:not([hidden]):lang(en)')).display") == "none"
    browser.click(*middle("#lang"))
    is_(browser.js("document.documentElement.lang"), "en")


@check("it follows the system's theme, and d changes it")
def _():
    seen = []
    for media in ({}, {"prefers_color_scheme": "dark"}, {"prefers_contrast": "more"}):
        browser.screen(1280, 800, **media)
        browser.open(LESSON, "backward:2:c")
        seen.append(browser.js("getComputedStyle(document.body).backgroundColor"))
        shot("theme-" + "-".join(media.values() or ["light"]))
    is_(len(set(seen)), 3)
    browser.screen(1280, 800)
    browser.open(LESSON, "backward:2:c")
    ink = "getComputedStyle(document.querySelector('#cell .wide text')).fill"
    light = browser.js(ink)
    browser.key("d")
    is_(browser.js("getComputedStyle(document.body).backgroundColor"), seen[1])
    assert browser.js(ink) != light


@check("nothing moves for those who want no motion")
def _():
    browser.screen(1280, 800, prefers_reduced_motion="reduce")
    browser.open(LESSON)
    is_(browser.js("getComputedStyle(document.getElementById('next')).transitionDuration"), "0s")


@check("a question hides its number until it is answered with the keyboard")
def _():
    browser.screen(1280, 800)
    browser.open(LESSON, "forward:2:f.3")
    hidden = drawn("cell")
    assert "?" in text("#said") and "?" in hidden
    assert "forget gate f, unit 2, at t = 2: 0." in hidden  # shown under the mouse
    assert "forget gate f, unit 1, at t = 2" not in hidden
    browser.js("document.querySelector('.scene:not([hidden]) form [type=range]').focus()")
    step = place()
    for _ in range(2):
        browser.key("ArrowRight")  # moves the slider, not the step
    is_(place(), step)
    is_(browser.js("document.activeElement.form.querySelector('[type=submit]').textContent"), "Reveal")
    shot("question")
    browser.key("Enter")
    assert "?" not in text("#said") and drawn("cell") != hidden
    verdict = "document.querySelector('.scene:not([hidden]) .verdict').innerText"
    assert "0.9" in browser.js(verdict), browser.js(verdict)
    assert "Not quite" in browser.js(verdict) and "would lose the letter" in browser.js(verdict)
    shot("question-answered")
    browser.js("document.querySelector('.scene:not([hidden]) [type=reset]').scrollIntoView()")
    browser.click(*middle(".scene:not([hidden]) [type=reset]"))
    browser.until("document.getElementById('said').textContent.includes('?')")


@check("a question that wants a click gets it, from the mouse and from the keyboard")
def _():
    browser.open(BLAME)
    browser.key("PageUp")
    while not browser.js("Boolean(clicking())"):
        browser.key("PageDown")
    right = browser.js("clicking().dataset.right")
    for press in (lambda s: browser.click(*middle(s)),
                  lambda s: (browser.js(f"document.querySelector({s!r}).focus()"), browser.key("Enter"))):
        press(f"#stage rect[data-ref='{right}']")
        is_(browser.js("clicking().dataset.guess"), right)
        browser.js("clicking().querySelector('[type=submit]').scrollIntoView()")
        browser.click(*middle(".scene:not([hidden]):lang(en) form[data-kind=click] [type=submit]"))
        shown = "document.querySelector('.scene:not([hidden]) form[data-kind=click] [data-grade=right]').hidden"
        is_(browser.js(shown), False)
        shot("click-answered")
        browser.click(*middle(".scene:not([hidden]):lang(en) form[data-kind=click] [type=reset]"))
        browser.until("Boolean(clicking())")


@check("Markdown is HTML, whatever stands in it, and every kind of question is answered")
def _():
    browser.open(KINDS)
    is_(browser.js("document.title"), "Kinds <b>&amp;</b> </script>")
    is_(browser.js("""['ol > li > ul > li p', 'blockquote', 'tr.head + tr', 'pre code', 'a[href]', 'mroot']
        .filter(s => !document.querySelector('.scene:lang(en) ' + s))"""), [])
    is_(browser.js("document.querySelectorAll('.scene:lang(en) a').length"), 1)
    shot("kinds")
    for kind, presses in (("order", 3), ("choice", 1)):
        form = f".scene:not([hidden]):lang(en) form[data-kind={kind}]"
        browser.js(f"document.querySelector('{form} .options').scrollIntoView({{block: 'center'}})")
        for k in range(presses):
            browser.click(*middle(f"{form} .options > :nth-child({k + 1})"))
        is_(browser.js(f"document.querySelector('{form} [type=submit]').textContent"), "Reveal")
        browser.js(f"document.querySelector('{form} [type=submit]').scrollIntoView({{block: 'center'}})")
        browser.click(*middle(form + " [type=submit]"))
        is_(browser.js(f"document.querySelectorAll('{form} [data-grade]:not([hidden])').length"), int(kind == "order"))
    browser.key("PageDown")
    assert "Only prose" in browser.js("document.querySelector('.scene:not([hidden]):lang(en)').innerText")
    shot("only-prose")


@check("a screen reader hears headings, formulas, pictures, the sentence and what can be pressed")
def _():
    browser.open(LESSON, "forward:2:f")
    heard = browser.heard()
    for role, name in (("heading", "One symbol to remember"), ("heading", "The forget gate keeps"),
                       ("image", "The cell"), ("image", "Unrolled"), ("button", "One step on"),
                       ("button", "Next scene"), ("slider", "Step"), ("navigation", "Steps"),
                       ("status", None), ("MathMLMath", None), ("slider", "Your guess")):
        assert any(r == role and name in (None, n) for r, n in heard), (role, name, sorted(set(heard)))
    is_(browser.js("document.getElementById('said').ariaLive"), "polite")
    assert not any(r == "button" and not n for r, n in heard), "a button without a name"


@check("Tab reaches all that can be pressed, from top to bottom")
def _():
    browser.open(LESSON, "forward:2:f")
    order = []
    for _ in range(24):
        browser.key("Tab")
        order.append(browser.js("document.activeElement.id || document.activeElement.type || ''"))
    wanted = ["theme", "lang", "scene-back", "scene-next", "range", "submit", "first", "back", "next", "scrub"]
    places = [order.index(name) for name in wanted]
    is_(places, sorted(places))


@check("every place of a lesson can be put together, in each of its forms")
def _():
    for page in (LESSON, BLAME, CELL):
        browser.open(page)
        is_(browser.js("""[...frames, ...Object.values(openings)].every(f =>
            f.said.length === 2 && f.pictures.length === 4 * layouts[f.scene].length &&
            f.pictures.flat().every(p => !markup(p).includes('undefined')))"""), True)


@check("it prints its steps where there are few, else its scenes")
def _():
    for page, pages in ((RUN, "6"), (LESSON, "8")):
        browser.open(page)
        browser.pdf(page[:-5] + ".pdf")
        info = subprocess.run(["pdfinfo", page[:-5] + ".pdf"], capture_output=True, text=True).stdout
        is_([line.split()[1] for line in info.splitlines() if line.startswith("Pages")], [pages])
    words = subprocess.run(["pdftotext", LESSON[:-5] + ".pdf", "-"], capture_output=True, text=True).stdout
    assert "The forget gate keeps" in words and "Where will" in words, words
    subprocess.run(["pdftoppm", "-r", "60", "-png", LESSON[:-5] + ".pdf", folder + "/paper"], check=True)


@check("pages of cells say what the cell's file says")
def _():
    browser.screen(1280, 800)
    browser.open(CELL, "forward:2:n")
    assert "the share of the old state" in text("#prose"), text("#prose")
    shot("cell")


@check("nothing is loaded, and nothing goes wrong")
def _():
    is_(browser.troubles, [])


for sentence, function in checks:
    try:
        function()
        print("ok     ", sentence)
    except Exception:
        print("FAILED ", sentence)
        print("        " + traceback.format_exc().replace("\n", "\n        ")[-1500:])
        failures += 1
browser.close()
sys.exit(failures > 0)

"""The seller's page in a real browser at phone width, with JavaScript and without."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support import expected_conditions as wanted
from selenium.webdriver.support.ui import Select, WebDriverWait
from werkzeug.serving import make_server

from data.errors import SelvedgeError
from data.schema import Listing, Report
from tests.pictures import photo
from tests.web_fakes import FakeChecker
from web.app import create_app
from web.settings import Settings

pytestmark = pytest.mark.browser

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 320, "height": 740, "deviceScaleFactor": 2, "mobile": True}
WRONG = "length looks wrong: the photo and the words say half sleeve"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("var"), FakeChecker()) as at:
        yield at


@contextmanager
def serving(var: Path, checker: FakeChecker) -> Iterator[str]:
    app = create_app(Settings(var=var), checker)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


class Waiting(FakeChecker):
    """A checker that answers once it may, as an upload that stalls does."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()

    def check(self, listings: Sequence[Listing]) -> list[Report | SelvedgeError]:
        self.may.wait(30)
        return super().check(listings)


@contextmanager
def chromium(profile: Path, *, script: bool) -> Iterator[WebDriver]:
    """A headless browser the size of a phone."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs chromium and chromedriver on the PATH (Debian: chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    if not script:
        blocked = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", blocked)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    with chromium(tmp_path_factory.mktemp("profile"), script=True) as driver:
        yield driver


@pytest.fixture(scope="module")
def unscripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    with chromium(tmp_path_factory.mktemp("profile"), script=False) as driver:
        yield driver


@pytest.fixture(params=["scripted", "unscripted"])
def browser(request: pytest.FixtureRequest) -> WebDriver:
    driver: WebDriver = request.getfixturevalue(request.param)
    return driver


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"photo {number}.jpg" for number in range(1, 4)]
    for path in paths:
        path.write_bytes(photo(size=(300, 400)))
    return paths


def choose(browser: WebDriver, *paths: Path) -> None:
    browser.find_element(By.ID, "photos").send_keys("\n".join(str(path) for path in paths))


def press(browser: WebDriver, selector: str) -> None:
    """Press a button that loads the next page, and wait for that page."""
    button = browser.find_element(By.CSS_SELECTOR, selector)
    button.send_keys(Keys.ENTER)
    # In the moment between two pages the driver knows neither "stale" nor "there": ask again.
    wait = WebDriverWait(browser, 60, ignored_exceptions=[WebDriverException])
    wait.until(wanted.staleness_of(button))


def fill(browser: WebDriver, address: str, *paths: Path) -> None:
    browser.get(address)
    browser.find_element(By.ID, "title").send_keys("Striped shirt")
    browser.find_element(By.ID, "description").send_keys("A shirt with half sleeves")
    browser.find_element(By.CSS_SELECTOR, "input[name=wear][value=upper]").send_keys(Keys.SPACE)
    Select(browser.find_element(By.ID, "item")).select_by_visible_text("Shirt")
    Select(browser.find_element(By.ID, "length")).select_by_visible_text("Full sleeve")
    choose(browser, *paths)


def heading(browser: WebDriver) -> str:
    return browser.find_element(By.TAG_NAME, "h1").text


def overflow(browser: WebDriver) -> list[str]:
    """What is wrong with the page's width on a phone, if anything."""
    size = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["width"]
    return [] if size <= PHONE["width"] else [f"the page is {size} wide"]


def test_a_listing_is_filled_in_checked_and_mended(
    browser: WebDriver, address: str, pictures: list[Path]
) -> None:
    fill(browser, address, *pictures[:2])
    assert overflow(browser) == []
    press(browser, ".actions button")
    assert WRONG in heading(browser)
    assert overflow(browser) == []
    assert len(browser.find_elements(By.CSS_SELECTOR, ".shots img")) == 2
    marks = browser.find_elements(By.CSS_SELECTOR, "mark.mark-length")
    assert [mark.text for mark in marks] == ["half sleeves"]
    press(browser, 'button[value="length:half_sleeve"]')
    assert heading(browser) == "All 3 given fields agree."
    assert len(browser.find_elements(By.CSS_SELECTOR, ".shots img")) == 2


def test_a_mistake_is_told_beside_the_control_and_nothing_is_lost(
    browser: WebDriver, address: str, pictures: list[Path]
) -> None:
    broken = pictures[1]
    broken.write_bytes(b"no photo at all")
    fill(browser, address, *pictures)
    press(browser, ".actions button")
    assert "“photo 2.jpg”: " in browser.find_element(By.ID, "photos-error").text
    assert browser.find_element(By.CSS_SELECTOR, "[role=alert] a").get_attribute("hash") == (
        "#photos"
    )
    assert browser.find_element(By.ID, "title").get_attribute("value") == "Striped shirt"
    assert len(browser.find_elements(By.CSS_SELECTOR, "input[name=kept]")) == 2
    assert overflow(browser) == []
    press(browser, ".actions button")
    assert WRONG in heading(browser)


@pytest.mark.parametrize("many", [1, 2])
def test_a_landscape_photo_is_shown_whole(
    unscripted: WebDriver, address: str, tmp_path: Path, many: int
) -> None:
    (tmp_path / "wide.png").write_bytes(photo("PNG", size=(400, 200)))
    fill(unscripted, address, *[tmp_path / "wide.png"] * many)
    press(unscripted, ".actions button")
    [image, *_] = unscripted.find_elements(By.CSS_SELECTOR, ".shots img")
    unscripted.execute_script("arguments[0].scrollIntoView()", image)
    WebDriverWait(unscripted, 10).until(lambda _: image.get_property("naturalWidth"))
    shown = image.size["width"] / image.size["height"]
    assert image.value_of_css_property("object-fit") == "contain"
    assert shown == pytest.approx(2.0 if many == 1 else 0.75, rel=0.05)


def test_a_kept_photo_can_be_left_out(
    browser: WebDriver, address: str, pictures: list[Path]
) -> None:
    fill(browser, address, *pictures)
    press(browser, ".actions button")
    browser.find_element(By.CSS_SELECTOR, "input[name=kept]").send_keys(Keys.SPACE)
    press(browser, ".actions button")
    assert len(browser.find_elements(By.CSS_SELECTOR, ".shots img")) == 2


def test_enter_in_the_title_checks_and_uses_no_suggestion(
    browser: WebDriver, address: str, pictures: list[Path]
) -> None:
    fill(browser, address, pictures[0])
    press(browser, ".actions button")
    press(browser, "#title")
    assert WRONG in heading(browser)


def test_script_runs_in_one_of_the_two_browsers_alone(
    scripted: WebDriver, unscripted: WebDriver, address: str
) -> None:
    for driver, runs in ((scripted, "script"), (unscripted, "")):
        driver.get(address)
        assert driver.find_element(By.TAG_NAME, "html").get_attribute("class") == runs


def test_pictures_and_styles_pass_the_content_policy(
    browser: WebDriver, address: str, pictures: list[Path]
) -> None:
    browser.get_log("browser")  # forget what earlier pages said
    fill(browser, address, pictures[0])
    press(browser, ".actions button")
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def choices(browser: WebDriver, select: str) -> list[str]:
    return [o.text for o in Select(browser.find_element(By.ID, select)).options]


def test_an_item_settles_the_lengths_where_no_wear_type_is_given(
    scripted: WebDriver, address: str
) -> None:
    scripted.get(address)
    Select(scripted.find_element(By.ID, "length")).select_by_visible_text("Half sleeve")
    Select(scripted.find_element(By.ID, "item")).select_by_visible_text("Jeans")
    assert "Half sleeve" not in choices(scripted, "length")
    assert "Shirt" in choices(scripted, "item")
    assert "Half sleeve cleared" in scripted.find_element(By.CSS_SELECTOR, "[data-cleared]").text
    assert scripted.find_element(By.CSS_SELECTOR, "label[for=length]").text == "Leg length"


def test_only_fitting_choices_are_shown(scripted: WebDriver, address: str) -> None:
    scripted.get(address)
    assert {"Jeans", "Shirt"} <= set(choices(scripted, "item"))
    Select(scripted.find_element(By.ID, "item")).select_by_visible_text("Jeans")
    scripted.find_element(By.CSS_SELECTOR, "input[name=wear][value=upper]").send_keys(Keys.SPACE)
    assert "Jeans" not in choices(scripted, "item")
    assert choices(scripted, "length")[1:] == [
        "Sleeveless",
        "Half sleeve",
        "Three-quarter sleeve",
        "Full sleeve",
    ]
    assert "Jeans cleared" in scripted.find_element(By.CSS_SELECTOR, "[data-cleared]").text
    assert scripted.find_element(By.CSS_SELECTOR, "label[for=length]").text == "Sleeve length"


def test_an_upload_that_was_stopped_can_be_sent_again(
    scripted: WebDriver, tmp_path: Path, pictures: list[Path]
) -> None:
    checker = Waiting()
    with serving(tmp_path / "var", checker) as address:
        fill(scripted, address, pictures[0])
        scripted.execute_script(
            "document.querySelector('.actions button').click();"
            "setTimeout(() => window.stop(), 1000)"
        )
        button = scripted.find_element(By.CSS_SELECTOR, ".actions button")
        WebDriverWait(scripted, 10).until(lambda _: button.text == "Check the listing")
        checker.may.set()
        press(scripted, ".actions button")
        assert WRONG in heading(scripted)


def test_back_brings_back_all_that_was_entered(
    scripted: WebDriver, address: str, pictures: list[Path]
) -> None:
    fill(scripted, address, pictures[0])
    press(scripted, ".actions button")
    scripted.back()
    previews = wanted.presence_of_element_located((By.CSS_SELECTOR, "[data-previews] li"))
    WebDriverWait(scripted, 10).until(previews)
    assert scripted.find_element(By.ID, "title").get_attribute("value") == "Striped shirt"
    assert scripted.find_element(By.CSS_SELECTOR, "label[for=length]").text == "Sleeve length"
    assert "Full length" not in choices(scripted, "length")
    choose(scripted, pictures[1])
    assert len(scripted.find_elements(By.CSS_SELECTOR, "[data-previews] li")) == 2


def test_photos_add_up_are_previewed_and_can_be_removed(
    scripted: WebDriver, address: str, pictures: list[Path]
) -> None:
    scripted.get(address)
    choose(scripted, pictures[0])
    choose(scripted, *pictures[1:])  # a bare file input would forget the first
    remove = scripted.find_elements(By.CSS_SELECTOR, "[data-previews] button")
    assert [b.get_attribute("aria-label") for b in remove] == [
        f"Remove photo {number}.jpg" for number in (1, 2, 3)
    ]
    remove[1].send_keys(Keys.ENTER)
    told = scripted.find_element(By.CSS_SELECTOR, "[data-status]").text
    assert told == "“photo 2.jpg” was removed."
    press(scripted, ".actions button")
    assert len(scripted.find_elements(By.CSS_SELECTOR, ".shots img")) == 2


def test_too_many_or_too_large_photos_are_told_before_sending(
    scripted: WebDriver, address: str, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.jpg" for number in range(10)]
    for path in paths:
        path.write_bytes(photo())
    paths[0].write_bytes(photo() + b"\0" * 20_000_000)
    scripted.get(address)
    choose(scripted, *paths)
    told = scripted.find_element(By.CSS_SELECTOR, "[data-status]").text
    assert "“0.jpg” has more than 20 MB" in told
    assert "“9.jpg” was not added: a listing holds 8 photos." in told
    assert len(scripted.find_elements(By.CSS_SELECTOR, "[data-previews] li")) == 8

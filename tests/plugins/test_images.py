"""Pictures: published in the sizes needed and without a trace, or refused with file and line."""

import io
import re

import pytest
from PIL import Image, ImageCms

SECRET = "Hemlig kamera"


@pytest.fixture
def picture(site):
    """Write a picture into ``content/images``; its colour runs from left to right, and its metadata tell where it was taken."""

    def write(name, size=(1600, 1200), kind="JPEG", **options):
        image = Image.linear_gradient("L").resize(size).convert("RGB")
        exif = Image.Exif()
        exif[0x010F] = SECRET
        exif[0x0112] = options.pop("orientation", 1)
        exif.get_ifd(0x8825)[2] = (59.0, 20.0, 33.0)  # where: GPS latitude
        file = io.BytesIO()
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        image.save(file, kind, exif=exif.tobytes(), icc_profile=profile, **options)
        return site.write(f"content/images/{name}", file.getvalue())

    return write


def published(site):
    return {path.name: path for path in (site.output / "bilder").glob("*")}


def test_a_picture_comes_in_three_formats_and_widths_with_its_measures(site, picture):
    picture("torget.jpg")
    site.page("stod.md", "Text.\n\n![Folk på torget](torget.jpg)\n\n![Samma igen](torget.jpg)")

    shown = site.build().text("stod/index.html")

    files = published(site)
    assert sorted(re.sub(r"-\w{10}-", "-", name) for name in files) == [
        f"torget-{width}.{kind}" for width in (1080, 360, 720) for kind in ("avif", "jpeg", "webp")
    ]
    first, second = re.findall(r"<picture>.*?</picture>", shown)
    assert re.findall(r'type="image/(\w+)"', first) == ["avif", "webp"]
    assert 'width="1080"' in first
    assert 'height="810"' in first
    assert ("loading" in first, 'loading="lazy"' in second) == (False, True)
    assert set(re.findall(r"/bilder/([\w.-]+)", shown)) == set(files)
    with Image.open(next(path for name, path in files.items() if name.endswith("360.avif"))) as small:
        assert small.size == (360, 270)


def test_nothing_of_where_it_was_taken_is_published_and_the_original_is_not(site, picture):
    original = picture("torget.jpg", orientation=6)
    site.page("stod.md", "![Folk på torget](torget.jpg)")

    site.build()

    every = [path for path in site.output.rglob("*") if path.is_file()]
    assert [path for path in every if SECRET.encode() in path.read_bytes()] == []
    assert [path for path in every if path.read_bytes() == original.read_bytes()] == []
    for path in published(site).values():
        with Image.open(path) as image:
            assert not image.getexif()
            assert not {"icc_profile", "xmp", "exif", "comment"} & set(image.info)
            assert image.height > image.width  # turned upright


def test_a_small_picture_is_not_made_larger_and_a_see_through_one_stands_on_white(site):
    file = io.BytesIO()
    Image.new("RGBA", (200, 100), (0, 0, 0, 0)).save(file, "PNG")
    site.write("content/images/liten.png", file.getvalue())
    site.page("stod.md", "![En ruta](liten.png)")

    site.build()

    assert sorted(re.sub(r"-\w{10}-", "-", name) for name in published(site)) == [
        f"liten-200.{k}" for k in ("avif", "jpeg", "webp")
    ]
    with Image.open(next(path for name, path in published(site).items() if name.endswith("jpeg"))) as image:
        assert image.getpixel((100, 50)) == (255, 255, 255)


def test_an_unchanged_picture_is_not_made_again_and_a_changed_one_is(site, picture):
    picture("torget.jpg", size=(300, 200))
    site.page("stod.md", "![Folk på torget](torget.jpg)")
    site.build()
    kept = {path: path.read_bytes() for path in (site.root / "var/cache/images").iterdir()}
    for path in kept:
        path.write_bytes(b"kept")

    site.build()
    assert {path.read_bytes() for path in published(site).values()} == {b"kept"}

    picture("torget.jpg", size=(301, 200))
    site.build()
    assert b"kept" not in {path.read_bytes() for path in published(site).values()}


def test_every_picture_that_cannot_be_published_is_told_at_once(site, picture, report):
    picture("torget.jpg", size=(30, 20))
    whole = picture("stor.jpg", size=(400, 400)).read_bytes()
    site.write("content/images/trasig.jpg", whole[: len(whole) // 2])
    site.write("content/images/text.jpg", b"hej")
    file = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(file, "PNG")
    site.write("content/images/bomb.png", file.getvalue())
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    site.write("content/images/film.webp", file.getvalue())
    file = io.BytesIO()
    frames[0].save(file, "BMP")
    site.write("content/images/gammal.bmp", file.getvalue())
    names = ("torge.jpg", "trasig.jpg", "text.jpg", "bomb.png", "film.webp", "gammal.bmp", "https://x.example/a.jpg")
    site.page(
        "stod.md", "\n\n".join([*(f"![Text]({name})" for name in names), "![](torget.jpg)", '<img src="torget.jpg">'])
    )

    assert report() == (
        "Webbplatsen byggdes inte: 9 fel att rätta.\n\ncontent/pages/stod.md\n"
        "  rad 5: Bilden ”torge.jpg” finns inte i content/images. Menade du torget.jpg?\n"
        "  rad 7: Bilden ”trasig.jpg” går inte att läsa. Spara om den, eller välj en annan.\n"
        "  rad 9: Bilden ”text.jpg” går inte att läsa. Spara om den, eller välj en annan.\n"
        "  rad 11: Bilden ”bomb.png” har fler än 50 miljoner bildpunkter. Spara om den mindre.\n"
        "  rad 13: Bilden ”film.webp” rör sig. Spara om den som en stillbild.\n"
        "  rad 15: Bilden ”gammal.bmp” är av slaget BMP. Spara den som JPEG. "
        "Mac: öppna den i Förhandsvisning och välj Arkiv > Exportera. Windows: öppna den i Foton och välj Spara som.\n"
        "  rad 17: Bilden ”https://x.example/a.jpg” måste ligga i content/images. "
        "Lägg filen där och skriv bara dess namn.\n"
        "  rad 19: Bilden ”torget.jpg” saknar beskrivning. "
        "Skriv vad den visar: ![två kvinnor på Odenplan](torget.jpg).\n"
        '  rad 21: Skriv Markdown i stället för HTML: ”<img src="torget.jpg">”.\n\n'
    )
